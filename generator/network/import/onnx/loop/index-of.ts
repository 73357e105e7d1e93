import { attributesOf } from '../attributes.js';
import type { Carried } from './form.js';
import type { Inner, Scope } from './scope.js';

/** ONNX data types of Cast that hold the number of a step: int32 and int64. */
const INTEGERS: readonly number[] = [6, 7];

/** Which values of the body of a Loop are the number of the step. */
export class Steps {
  /** States that count the steps from zero. */
  readonly counters: ReadonlySet<string>;
  /** Axes of a value that is the number of the step, by name. */
  readonly #ranks = new Map<string, number>();

  /** `step`: the input of the body that is the number of the step. */
  constructor(
    step: string,
    states: readonly Carried[],
    private readonly inner: Inner,
    { constants }: Scope,
  ) {
    const { graph } = inner;
    this.#ranks.set(step, graph.shapes.get(step)?.length ?? 0);
    const counters = new Set<string>();
    for (const { before, after, initial } of states) {
      const node = graph.producers.get(after)?.node;
      if (node?.op !== 'Add' || !constants.has(initial)) continue;
      const { data, shape, type } = constants.get(initial);
      const [a = '', b = ''] = node.inputs;
      const one = a === before ? b : b === before ? a : '';
      if (type.real || data.length !== 1 || data[0] !== 0 || !inner.constants.has(one)) continue;
      const by = inner.constants.get(one);
      if (by.data.length !== 1 || by.data[0] !== 1 || by.shape.length > shape.length) continue;
      counters.add(before);
      this.#ranks.set(before, shape.length);
    }
    this.counters = counters;
  }

  /** Axes of a value (none or one) that is the number of the step, or what computes it otherwise. */
  rankOf(name: string): number | string {
    const { graph, constants } = this.inner;
    let at = name;
    let added = 0;
    // whatever was before Squeeze has no axes left
    let squeezed = false;
    for (;;) {
      const rank = this.#ranks.get(at);
      if (rank !== undefined) {
        const own = squeezed ? added : rank + added;
        return own <= 1 ? own : at;
      }
      const node = graph.producers.get(at)?.node;
      if (node === undefined) return at;
      const other = `${node.label} (${node.op})`;
      if (node.op === 'Unsqueeze') {
        const attributes = attributesOf(node, graph.opset < 13 ? ['axes'] : [], graph);
        const axes = attributes.ints('axes') ?? constants.integers(node.inputs[1] ?? '');
        if (axes?.length !== 1) return other;
        if (!squeezed) added++;
      } else if (node.op === 'Squeeze') squeezed = true;
      else if (node.op === 'Cast') {
        const to = attributesOf(node, ['to', 'saturate', 'round_mode'], graph).int('to');
        if (!INTEGERS.includes(to ?? 0)) return other;
      } else if (node.op !== 'Identity') return other;
      at = node.inputs[0] ?? '';
    }
  }
}
