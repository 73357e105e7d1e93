import { isLayer } from '../onnx/layer-operators.js';
import { unsupported } from './errors.js';
import { isLoop, type LoweredItem, type LoweredNode } from './lowered.js';

/** Operators that turn the frames round. */
const REVERSE = /(^|\.)(REVERSE_V2|REVERSE_SEQUENCE|ReverseV2|Reverse|ReverseSequence)$/;

/**
 * Refuses layers that read the frames from the last to the first.
 * @throws UserError LSTM_UNSUPPORTED, `bidirectional` where another one reads them forward
 */
export function checkDirections(items: readonly LoweredItem[], file: string): void {
  const producers = new Map<string, LoweredNode>();
  const lstms: LoweredNode[] = [];
  for (const item of items) {
    if (isLoop(item)) continue;
    for (const name of item.outputs) producers.set(name, item);
    if (isLayer(item.op)) lstms.push(item);
  }
  const reversed = lstms.map(({ inputs: [X = ''] }) => reverseBehind(X, producers));
  const at = reversed.findIndex((node) => node !== null);
  const [lstm, reverse] = [lstms[at], reversed[at]];
  if (lstm === undefined || !reverse) return;
  const both = reversed.includes(null);
  const got = `${both ? `bidirectional ${lstm.op}` : `backward ${lstm.op}`}: it reads the frames behind ${reverse.name}, which turns them round`;
  throw unsupported(file, lstm.name, got, 'layers that read the frames forward');
}

/** The operator that turns a value round before anything else computes on it. */
function reverseBehind(
  name: string,
  producers: ReadonlyMap<string, LoweredNode>,
): LoweredNode | null {
  const seen = new Set<string>();
  let at = name;
  for (;;) {
    const node = producers.get(at);
    if (node === undefined || isLayer(node.op) || seen.has(at)) return null;
    if (REVERSE.test(node.op)) return node;
    seen.add(at);
    at = node.inputs[0] ?? '';
  }
}
