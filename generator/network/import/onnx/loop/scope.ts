import type { ImportOptions } from '../../imported.js';
import { Constants } from '../constants.js';
import { definedIn } from '../expand/rename.js';
import { type Graph, graphOf } from '../graph.js';
import type { GraphProto, Int64, ModelProto } from '../messages.js';
import type { Value } from '../tensor.js';

/** A graph and what is constant in it. */
export interface Scope {
  readonly graph: Graph;
  readonly constants: Constants;
  readonly bytes: number;
  /** As `ImportOptions` has it. */
  readonly reset?: ImportOptions['reset'];
}

/** The graph of a node as a graph of its own. */
export interface Inner extends Scope {
  readonly proto: GraphProto;
}

/**
 * The graph inside a node with the values around it that it reads: constants are constants in it too, all others are
 * inputs. `values`: its own inputs that are constants of the graph around it, by name.
 * @throws UserError as reading a graph does
 */
export function innerScope(
  body: GraphProto,
  { graph, constants, bytes, reset }: Scope,
  values: ReadonlyMap<string, string> = new Map(),
): Inner {
  const defined = definedIn(body);
  const read = new Set([
    ...body.node.flatMap(({ input }) => input),
    ...body.output.map(({ name = '' }) => name),
  ]);
  const captured = [...read].filter(
    (name) => name !== '' && !defined.has(name) && isDefined(name, graph),
  );
  const known = new Map<string, Value>();
  for (const name of captured) if (constants.has(name)) known.set(name, constants.get(name));
  for (const [own, name] of values) known.set(own, constants.get(name));
  const proto = { ...body, input: [...body.input, ...captured.map((name) => ({ name }))] };
  const inner = graphOf(modelOf(proto, graph), graph.file, graph.beside);
  return { graph: inner, constants: new Constants(inner, bytes, known), bytes, reset, proto };
}

function isDefined(name: string, { inputs, initializers, producers }: Graph): boolean {
  return inputs.has(name) || initializers.has(name) || producers.has(name);
}

function modelOf(graph: GraphProto, { opset, producer }: Graph): ModelProto {
  const int = (value: number): Int64 => ({ toNumber: () => value });
  const opset_import = [{ domain: '', version: int(opset) }];
  return { ir_version: int(4), producer_name: producer, graph, opset_import, functions: [] };
}
