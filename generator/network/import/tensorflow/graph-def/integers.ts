import { decodeElements } from '../../../formats/elements.js';
import type { LoweredConstant } from '../lowered.js';
import type { TfNode } from './node.js';
import { nodeName } from './node.js';

/** A list of more numbers than this is no list of axes or lengths. */
const LONGEST_LIST = 4096;
const MAX_STEPS = 32;

/** Whole numbers that a graph has as constants or makes of them, as its Python side writes lists of axes. */
export class Integers {
  constructor(
    private readonly nodes: ReadonlyMap<string, TfNode>,
    private readonly constants: ReadonlyMap<string, LoweredConstant>,
  ) {}

  /** The numbers in their order; null where they are computed in a way that is not known. */
  get(value: string | undefined, steps = MAX_STEPS): readonly number[] | null {
    if (value === undefined || steps === 0) return null;
    const constant = this.constants.get(value);
    if (constant !== undefined) return integersOf(constant);
    const node = this.nodes.get(nodeName(value));
    if (node === undefined || node.name !== value) return null;
    const read = (input: number) => this.get(node.inputs.at(input), steps - 1);
    switch (node.op) {
      case 'Identity':
      case 'Enter':
      case 'ExpandDims':
        return read(0);
      case 'ConcatV2': {
        const lists = node.inputs.slice(0, -1).map((_, i) => read(i));
        return lists.includes(null) ? null : limited(lists.flatMap((list) => list ?? []));
      }
      case 'Pack': {
        const lists = node.inputs.map((_, i) => read(i));
        return lists.some((list) => list?.length !== 1)
          ? null
          : lists.flatMap((list) => list ?? []);
      }
      case 'Range': {
        const [start, limit, delta] = [read(0)?.[0], read(1)?.[0], read(2)?.[0]];
        if (start === undefined || limit === undefined || !delta) return null;
        const length = Math.max(0, Math.ceil((limit - start) / delta));
        return length > LONGEST_LIST ? null : Array.from({ length }, (_, i) => start + i * delta);
      }
      case 'StridedSlice': {
        const [list, begin, end] = [read(0), read(1), read(2)];
        const shrink = node.attr.shrink_axis_mask?.i?.toNumber() ?? 0;
        const at = begin?.length === 1 && end?.length === 1 ? begin[0] : undefined;
        const picked = at === undefined || shrink !== 1 ? undefined : list?.at(at);
        return picked === undefined ? null : [picked];
      }
      default:
        return null;
    }
  }
}

const limited = (list: readonly number[]) => (list.length > LONGEST_LIST ? null : list);

/** The numbers of a constant list or number of integers. */
export function integersOf({ type, shape, raw }: LoweredConstant): readonly number[] | null {
  if (type !== 6 && type !== 7) return null;
  if (shape.length > 1 || raw.length > 8 * LONGEST_LIST) return null;
  return [...decodeElements(type === 6 ? 'int32' : 'int64', raw)];
}
