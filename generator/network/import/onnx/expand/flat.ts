import { onnxError } from '../errors.js';
import type { GraphProto, NodeProto, ValueInfoProto } from '../messages.js';
import { definedIn } from './rename.js';

/** Nodes that a graph may have when functions and branches stand in it: some, and so many for each node of the file. */
const NODES = 65_536;
const NODES_PER_NODE = 16;

/** A graph in which what nodes contain is put in their place. */
export class Flat {
  readonly #names: Set<string>;
  readonly #nodes: NodeProto[] = [];
  readonly #tensors: GraphProto['initializer'][number][];
  readonly #sparse: GraphProto['sparse_initializer'][number][];
  readonly #infos: ValueInfoProto[];

  constructor(
    private readonly graph: GraphProto,
    private readonly file: string,
  ) {
    this.#names = new Set(definedIn(graph));
    this.#tensors = [...graph.initializer];
    this.#sparse = [...graph.sparse_initializer];
    this.#infos = [...graph.value_info];
  }

  /** @throws UserError IMPORT_TOO_LARGE */
  add(node: NodeProto): void {
    this.#nodes.push(node);
    const most = NODES + NODES_PER_NODE * this.graph.node.length;
    if (this.#nodes.length <= most) return;
    const got = 'more, with functions and branches in their place';
    throw onnxError(this.file, 'IMPORT_TOO_LARGE', 'graph', `at most ${most} nodes`, got);
  }

  /** A value under a second name. */
  alias(from: string, to: string): void {
    if (to === '' || from === to) return;
    this.add({ op_type: 'Identity', input: [from], output: [to], attribute: [] });
  }

  /** That name, or one like it that nothing has. */
  fresh(name: string): string {
    let own = name;
    while (this.#names.has(own)) own += "'";
    this.#names.add(own);
    return own;
  }

  isDefined(name: string): boolean {
    return this.#names.has(name);
  }

  /** Constants and stated shapes of a graph that stood in a node, under their new names. */
  addConstants(
    { initializer, sparse_initializer, value_info, output }: GraphProto,
    values: ReadonlyMap<string, string>,
  ): void {
    const named = <T extends { readonly name?: string }>(one: T): T => ({
      ...one,
      name: values.get(one.name ?? '') ?? one.name,
    });
    this.#tensors.push(...initializer.map(named));
    this.#sparse.push(
      ...sparse_initializer.map((one) => ({
        ...one,
        ...(one.values && { values: named(one.values) }),
      })),
    );
    this.#infos.push(...[...value_info, ...output].map(named));
  }

  done(): GraphProto {
    return {
      ...this.graph,
      node: this.#nodes,
      initializer: this.#tensors,
      sparse_initializer: this.#sparse,
      value_info: this.#infos,
    };
  }
}
