import { encodeElements } from '../../formats/elements.js';
import type { Collected, LoweredItem, LoweredLoop, LoweredNode } from './lowered.js';

/** ONNX's numbers of the types that are made here. */
const [FLOAT32, INT64, FLOAT64] = [1, 7, 11] as const;

type Attributes = LoweredNode['attributes'];

/** Collects the operators that stand for those of a file. */
export class Builder {
  readonly items: LoweredItem[] = [];

  /** `collected`: what others have made of the same file, to which this one adds. */
  constructor(
    readonly collected: Collected = {
      constants: new Map(),
      shapes: new Map(),
      notes: [],
      cellClips: new Set(),
      projections: new Map(),
      made: { count: 0 },
    },
  ) {}

  get constants(): Collected['constants'] {
    return this.collected.constants;
  }

  get shapes(): Collected['shapes'] {
    return this.collected.shapes;
  }

  get notes(): Collected['notes'] {
    return this.collected.notes;
  }

  /** A node under its own name, for one of the file. */
  node(
    of: string,
    op: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Attributes = {},
  ): void {
    this.items.push({ op, name: of, of: [of], inputs, outputs, attributes });
  }

  /** A further node that belongs to one of the file: the name of its one output, a new one unless it is given. */
  part(
    of: string,
    op: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    output = this.fresh(of, op),
  ): string {
    const name = this.fresh(of, op);
    this.items.push({ op, name, of: [of], inputs, outputs: [output], attributes });
    return output;
  }

  loop(loop: LoweredLoop): void {
    this.items.push(loop);
  }

  /** A list of whole numbers that the file has in another form. */
  integers(of: string, numbers: readonly number[], scalar = false): string {
    const name = this.fresh(of, 'list');
    const raw = encodeElements('int64', numbers.map(Math.trunc));
    this.constants.set(name, { type: INT64, shape: scalar ? [] : [numbers.length], raw, of: [] });
    return name;
  }

  /** Tensors of real numbers made of others, all in single precision where that holds every one. Their names. */
  reals(tensors: readonly MadeTensor[]): readonly string[] {
    const single = tensors.every(({ values }) => values.every(isSingle));
    return tensors.map(({ name, shape, values, of }) => {
      const own = this.constants.has(name) ? this.fresh(name, 'made') : name;
      const raw = encodeElements(single ? 'float32' : 'float64', values);
      this.constants.set(own, { type: single ? FLOAT32 : FLOAT64, shape, raw, of });
      return own;
    });
  }

  /** A name that no other value has. */
  fresh(of: string, what: string): string {
    this.collected.made.count += 1;
    return `${of} (${what} ${this.collected.made.count})`;
  }
}

/** A tensor that is made of others. */
export interface MadeTensor {
  /** What reports call it. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float64Array;
  /** The tensors of the file that it is made of. */
  readonly of: readonly string[];
}

const isSingle = (value: number) => Object.is(Math.fround(value), value);
