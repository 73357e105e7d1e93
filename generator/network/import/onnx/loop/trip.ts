import type { Lengths } from '../axes.js';
import { onnxError } from '../errors.js';
import type { Graph } from '../graph.js';
import { LAYER_INPUT, type LayerNode, statesOf } from '../layer-node.js';
import type { LengthLists } from '../lists.js';

/**
 * Checks that a loop has one step for each frame, and that the zeros that it begins with have the axes of its states.
 * @throws UserError LSTM_UNSUPPORTED, or TENSOR_SHAPE
 */
export function checkTrip(
  { node, layer, loop }: LayerNode,
  { time }: Pick<Lengths, 'time'>,
  lists: LengthLists,
  graph: Graph,
): void {
  if (loop === undefined) return;
  const fail = (code: string, field: string, expected: string, got: string) =>
    onnxError(graph.file, code, `${node.label}.${field}`, expected, got);
  for (const kind of statesOf(layer)) {
    const source = graph.producers.get(node.inputs[LAYER_INPUT[kind]] ?? '')?.node;
    const shape = { ConstantOfShape: 0, Expand: 1 }[source?.op ?? ''];
    if (shape === undefined) continue;
    const rank = lists.get(source?.inputs[shape] ?? '')?.length ?? loop.rank[kind];
    if (rank === loop.rank[kind]) continue;
    throw fail('TENSOR_SHAPE', `initial_${kind}`, `${loop.rank[kind]} axes`, `${rank}`);
  }
  if (loop.trip === null) return;
  const [steps, ...others] = lists.get(loop.trip) ?? [];
  const whole =
    steps !== undefined &&
    others.length === 0 &&
    (time === undefined
      ? steps.factor === 1 && steps.parts.join() === 'time'
      : steps.factor === time && steps.parts.length === 0);
  if (whole) return;
  const known = steps !== undefined && others.length === 0 && steps.parts.length === 0;
  const got = known
    ? `${steps.factor} steps over ${time ?? 'an unknown number of'} frames`
    : `${loop.trip}, which is not known to be that length`;
  throw fail('LSTM_UNSUPPORTED', 'trip_count', 'the length of the frames', got);
}
