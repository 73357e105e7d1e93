import { attributesOf } from './attributes.js';
import type { Axes, Part } from './axes.js';
import type { Constants } from './constants.js';
import { onnxError } from './errors.js';
import { cutsOf, rangeOf } from './fold/slice.js';
import type { Graph } from './graph.js';
import type { Node } from './node.js';

/** A length that a file computes: a number times lengths that are known when the network runs. */
export interface Length {
  readonly factor: number;
  readonly parts: readonly Part[];
}

const MAX_LENGTHS = 16;
const MAX_STEPS = 64;

/** Lists of lengths that exporters compute with Shape, for values whose axes are known. */
export class LengthLists {
  readonly #known = new Map<string, readonly Length[] | null>();

  /** `axesOf`: the axes of a value, where they are known. */
  constructor(
    private readonly graph: Graph,
    private readonly constants: Constants,
    private readonly axesOf: (name: string) => Axes | undefined,
  ) {}

  /** The lengths in a list, or in a number; null where they are computed in another way. */
  get(name: string, steps = MAX_STEPS): readonly Length[] | null {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const list = steps > 0 ? this.#read(name, steps - 1) : null;
    const own = list !== null && list.length <= MAX_LENGTHS ? list : null;
    this.#known.set(name, own);
    return own;
  }

  #read(name: string, steps: number): readonly Length[] | null {
    const { graph, constants } = this;
    if (constants.has(name)) {
      const { type, shape } = constants.get(name);
      if (type.real || shape.length > 1) return null;
      return (constants.integers(name, true) ?? []).map((factor) => ({ factor, parts: [] }));
    }
    const producer = graph.producers.get(name);
    if (producer === undefined || producer.output !== 0) return null;
    const { node } = producer;
    const input = (i: number) => this.get(node.inputs[i] ?? '', steps);
    const fail = (expected: string, got: string) =>
      onnxError(graph.file, 'ONNX_INVALID', node.label, expected, got);
    switch (node.op) {
      case 'Shape':
        return this.#shape(node);
      case 'Cast':
      case 'Identity':
      case 'Squeeze':
      case 'Unsqueeze':
        return input(0);
      case 'Reshape': {
        // a number as a list of one
        const list = input(0);
        return list?.length === 1 ? list : null;
      }
      case 'Concat': {
        const lists = node.inputs.map((_, i) => input(i));
        return lists.includes(null) ? null : lists.flatMap((list) => list ?? []);
      }
      case 'Gather': {
        const [list, indices] = [input(0), constants.integers(node.inputs[1] ?? '', true)];
        if (list === null || indices === null) return null;
        const picked = indices.map((index) => list.at(index));
        return picked.includes(undefined) ? null : (picked as Length[]);
      }
      case 'Slice': {
        const list = input(0);
        const known = node.inputs
          .slice(1)
          .map((one) => (one ? constants.integers(one) : undefined));
        if (list === null || known.includes(null)) return null;
        const attributes = attributesOf(node, ['starts', 'ends', 'axes'], graph);
        const given = known as readonly (readonly number[] | undefined)[];
        const cuts = cutsOf(graph.opset, attributes, given, fail);
        if (cuts.axes.length !== 1) return null;
        const { start, step, length } = rangeOf(cuts, 0, list.length);
        return Array.from({ length }, (_, i) => list[start + i * step] as Length);
      }
      case 'Mul': {
        const [a, b] = [input(0), input(1)];
        if (a === null || b === null || (a.length !== b.length && a.length !== 1 && b.length !== 1))
          return null;
        const longer = a.length >= b.length ? a : b;
        return longer.map((_, i) => {
          const [p, q] = [a, b].map((list) => list[list.length === 1 ? 0 : i]) as [Length, Length];
          return { factor: p.factor * q.factor, parts: [...p.parts, ...q.parts] };
        });
      }
      default:
        return null;
    }
  }

  #shape(node: Node): readonly Length[] | null {
    const axes = this.axesOf(node.inputs[0] ?? '');
    if (axes === undefined) return null;
    const attributes = attributesOf(node, ['start', 'end'], this.graph);
    const own = axes.axes.map((parts): Length => {
      let factor = 1;
      const open = parts.filter((part) => {
        factor *= axes.lengths[part] ?? 1;
        return axes.lengths[part] === undefined;
      });
      return { factor, parts: open };
    });
    return own.slice(attributes.int('start') ?? 0, attributes.int('end') ?? own.length);
  }
}
