import type { Graph } from './graph.js';
import type { Node } from './node.js';
import type { Value } from './tensor.js';

/** Lengths of the axes of Gemm with constant matrices, and of sums of them: their rows are those of the matrix. */
export class ProductShapes {
  readonly #shapes = new Map<string, readonly [undefined, number]>();

  constructor(
    private readonly graph: Graph,
    private readonly known: ReadonlyMap<string, Value>,
  ) {}

  has(name: string): boolean {
    return this.#shapes.has(name);
  }

  get(name: string): readonly [undefined, number] | undefined {
    return this.#shapes.get(name);
  }

  /** Looks at a node, whose inputs were looked at before. */
  add({ op, inputs: [a = '', b = ''], attributes, outputs: [output = ''] }: Node): void {
    if (op === 'Gemm') {
      const across = attributes.some(({ name, i }) => name === 'transB' && i?.toNumber() === 1);
      const shape = this.#constant(b);
      const rows = shape?.length === 2 ? shape[across ? 0 : 1] : undefined;
      if (rows !== undefined) this.#shapes.set(output, [undefined, rows]);
    } else if (op === 'Add') {
      const [p, q] = [this.#shapes.get(a), this.#shapes.get(b)];
      const one = p ?? q;
      if (one === undefined) return;
      const other = p === undefined ? this.#constant(a) : (q ?? this.#constant(b));
      const last = other?.at(-1) ?? 1;
      if (other && other.length <= 2 && (last === 1 || last === one[1]))
        this.#shapes.set(output, one);
    }
  }

  #constant(name: string): readonly (number | undefined)[] | undefined {
    const dims = this.graph.initializers.get(name)?.dims.map((n) => n.toNumber());
    return dims ?? this.known.get(name)?.shape;
  }
}
