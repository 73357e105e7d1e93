import { Constants } from '../../onnx/constants.js';
import { graphOf } from '../../onnx/graph.js';
import type { Value } from '../../onnx/tensor.js';
import { isLoop, type Lowered, type LoweredItem, type LoweredNode } from '../lowered.js';
import { toOnnx } from '../to-onnx.js';

/** Values of a graph and of the bodies of its loops: what makes them, and the numbers of those that are constant. */
export class Values {
  readonly #producers = new Map<string, LoweredNode>();
  readonly #constants: Constants;
  /** What a variable of a loop is throughout, where the body hands it on as it is. */
  readonly #same = new Map<string, string>();

  /** @throws UserError ONNX_INVALID where values are not defined once and before they are read */
  constructor(lowered: Lowered, file: string, bytes: number) {
    const flattened = flat(lowered.items);
    for (const item of flattened) for (const name of item.outputs) this.#producers.set(name, item);
    const loops = lowered.items.filter(isLoop).flatMap(({ variables }) => variables);
    for (const { start, before, after } of loops) {
      if (this.plain(after) === before) this.#same.set(before, start);
    }
    // what is computed of weights inside of a loop is constant there too
    const items = flattened.map((item) => ({
      ...item,
      inputs: item.inputs.map((name) => this.#outside(name)),
    }));
    const open = loops.flatMap(({ before, end }) => (end === '' ? [before] : [before, end]));
    const inputs = [...lowered.inputs, ...open.map((name) => ({ name, shape: null }))];
    const graph = graphOf(toOnnx({ ...lowered, items, inputs, outputs: [] }), file);
    this.#constants = new Constants(graph, bytes);
  }

  /** The value outside of loops that a variable of one, or of several inside of each other, is throughout. */
  #outside(name: string): string {
    let at = name;
    for (;;) {
      const next = this.#same.get(at);
      if (next === undefined) return at;
      at = next;
    }
  }

  /** The value behind nodes that hand it on as it is. */
  plain(name: string): string {
    let at = name;
    for (;;) {
      const node = this.#producers.get(at);
      const next = node?.op === 'Identity' ? node.inputs[0] : this.#same.get(at);
      if (next === undefined) return at;
      at = next;
    }
  }

  /** The node that computes a value, behind those that hand it on. */
  node(name: string): LoweredNode | null {
    return this.#producers.get(this.plain(name)) ?? null;
  }

  /** Which output of its node a value is. */
  output(name: string): number {
    return this.node(name)?.outputs.indexOf(this.plain(name)) ?? 0;
  }

  isConstant(name: string): boolean {
    return this.#constants.has(this.plain(name));
  }

  /** The numbers of a constant; null for another value. */
  constant(name: string): Value | null {
    return this.isConstant(name) ? this.#constants.get(this.plain(name)) : null;
  }

  /** The one number of a constant; null for another value. */
  number(name: string): number | null {
    const value = this.constant(name);
    return value?.data.length === 1 ? (value.data[0] as number) : null;
  }

  /** Counts elements that are made. @throws UserError IMPORT_TOO_LARGE */
  reserve(elements: number, label: string): void {
    this.#constants.reserve([elements], label);
  }

  /** Tensors of the file that a constant is made of. */
  tensorsOf(name: string): readonly string[] {
    return this.#constants.origin([this.plain(name)]).tensors;
  }
}

/** Nodes, with those of bodies before what follows their loop. */
function flat(items: readonly LoweredItem[]): readonly LoweredNode[] {
  return items.flatMap((item) => (isLoop(item) ? flat(item.body) : [item]));
}
