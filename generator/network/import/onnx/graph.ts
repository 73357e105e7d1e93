import type { ReadBeside } from '../../../base/beside.js';
import { onnxError } from './errors.js';
import type { GraphProto, ModelProto, TensorProto, ValueInfoProto } from './messages.js';
import { type Node, nodesOf } from './node.js';

/** Versions of the operator set whose operators this program knows. */
const OPSETS = [7, 26] as const;

/** The first version of the file format that names its operator sets. */
const FIRST_IR_VERSION = 3;

/** The main graph of a model, checked: each value has one definition, which stands before its uses. */
export interface Graph {
  readonly file: string;
  /** Reads files beside it, for tensors that lie there. */
  readonly beside?: ReadBeside | undefined;
  /** The program that wrote the file, where it says so. */
  readonly producer: string;
  /** Version of ONNX's own operators. */
  readonly opset: number;
  readonly nodes: readonly Node[];
  /** Constant tensors by name, those with a default value for an input among them. */
  readonly initializers: ReadonlyMap<string, TensorProto>;
  /** Names of constants that are stored as sparse tensors, which this program does not read. */
  readonly sparse: readonly string[];
  /** Inputs of the graph that have no initializer. */
  readonly inputs: ReadonlySet<string>;
  readonly outputs: ReadonlySet<string>;
  /** Which node computes a value, and as which of its outputs. */
  readonly producers: ReadonlyMap<string, Producer>;
  /** The nodes that read a value, each once. */
  readonly consumers: ReadonlyMap<string, readonly Node[]>;
  /** Lengths of the axes of a value where the file states them; undefined is unknown. */
  readonly shapes: ReadonlyMap<string, readonly (number | undefined)[]>;
}

export interface Producer {
  readonly node: Node;
  readonly output: number;
}

/** @throws UserError ONNX_INVALID or ONNX_OPSET. */
export function graphOf(model: ModelProto, file: string, beside?: ReadBeside): Graph {
  const { graph } = model;
  if (!graph) throw onnxError(file, 'ONNX_INVALID', 'graph', 'a graph', 'none');
  const version = model.ir_version?.toNumber() ?? 0;
  if (!(version >= FIRST_IR_VERSION)) {
    const expected = `at least ${FIRST_IR_VERSION}`;
    throw onnxError(file, 'ONNX_INVALID', 'ir_version', expected, `${version || 'none'}`);
  }
  const nodes = nodesOf(graph.node);
  const initializers = new Map(graph.initializer.map((tensor) => [tensor.name ?? '', tensor]));
  const inputs = graph.input.map(({ name = '' }) => name);
  const producers = new Map<string, Producer>();
  const consumers = new Map<string, Node[]>();
  for (const node of nodes) {
    node.outputs.forEach((name, output) => {
      if (name !== '') producers.set(name, { node, output });
    });
    for (const name of new Set(node.inputs)) {
      const readers = consumers.get(name);
      if (readers === undefined) consumers.set(name, [node]);
      else readers.push(node);
    }
  }
  checkNames(graph, nodes, file);
  return {
    file,
    beside,
    producer: model.producer_name ?? '',
    opset: opsetOf(model, file),
    nodes,
    initializers,
    sparse: graph.sparse_initializer.map(({ values }) => values?.name ?? ''),
    inputs: new Set(inputs.filter((name) => !initializers.has(name))),
    outputs: new Set(graph.output.map(({ name = '' }) => name)),
    producers,
    consumers,
    shapes: new Map(
      [...graph.value_info, ...graph.output, ...graph.input].flatMap((info) => {
        const shape = shapeOf(info);
        return shape === undefined ? [] : [[info.name ?? '', shape] as const];
      }),
    ),
  };
}

function opsetOf({ opset_import }: ModelProto, file: string): number {
  const own = opset_import.filter(({ domain = '' }) => domain === '' || domain === 'ai.onnx');
  const versions = own.map(({ version }) => version?.toNumber() ?? 0);
  const [version = 0] = versions;
  const [low, high] = OPSETS;
  if (versions.length === 1 && version >= low && version <= high) return version;
  const got = versions.length === 0 ? 'none' : `version ${versions.join(' and ')}`;
  throw onnxError(file, 'ONNX_OPSET', 'opset_import', `one of version ${low} to ${high}`, got);
}

/** Every value is defined once, and before it is read: so there is no cycle either. */
function checkNames(graph: GraphProto, nodes: readonly Node[], file: string): void {
  const fail = (field: string, expected: string, got: string) =>
    onnxError(file, 'ONNX_INVALID', field, expected, got);
  const defined = new Set<string>();
  const define = (name: string, what: string, once = true) => {
    if (name === '') throw fail(what, 'a name', 'none');
    if (once && defined.has(name)) throw fail(name, 'one definition', `another as ${what}`);
    defined.add(name);
  };
  for (const { name = '' } of graph.input) define(name, 'graph input');
  const initialized = new Set<string>();
  const sparse = graph.sparse_initializer.map(({ values }) => values?.name);
  for (const name of [...graph.initializer.map((tensor) => tensor.name), ...sparse]) {
    if (initialized.has(name ?? '')) throw fail(name ?? '', 'one initializer', 'two');
    initialized.add(name ?? '');
    define(name ?? '', 'initializer', false);
  }
  for (const node of nodes) {
    const lost = node.inputs.find((name) => name !== '' && !defined.has(name));
    if (lost !== undefined) {
      throw fail(node.label, 'inputs that are defined before it', `${lost}, which is not`);
    }
    for (const name of node.outputs) if (name !== '') define(name, `output of ${node.label}`);
  }
  const open = graph.output.find(({ name = '' }) => !defined.has(name));
  if (open !== undefined) {
    throw fail(open.name || 'graph output', 'a value that is computed', 'no definition');
  }
}

function shapeOf({ type }: ValueInfoProto): readonly (number | undefined)[] | undefined {
  return type?.tensor_type?.shape?.dim.map(({ dim_value, dim_param }) => {
    const length = dim_value?.toNumber() ?? 0;
    return dim_param || length <= 0 ? undefined : length;
  });
}
