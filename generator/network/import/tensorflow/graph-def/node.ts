import { tensorflowError } from '../errors.js';
import type { AttrValue, FunctionDef, NodeDef } from './messages.js';

/** A node with the names of the values that it reads. */
export interface TfNode {
  /** Its name, with those of the calls that it is inside of before it. */
  readonly name: string;
  readonly op: string;
  /** Names of values: that of the node for its first output, with `:1` and so on for others. */
  readonly inputs: readonly string[];
  readonly attr: Readonly<Record<string, AttrValue>>;
}

/** Nodes that others have to wait for, without a value of theirs. */
export const controlsOf = (nodes: readonly Pick<NodeDef, 'input'>[]): ReadonlySet<string> =>
  new Set(
    nodes.flatMap(({ input }) =>
      input.flatMap((text) => (text.startsWith('^') ? text.slice(1) : [])),
    ),
  );

/** Name of an output of a node. */
export const outputName = (node: string, output: number): string =>
  output === 0 ? node : `${node}:${output}`;

/** The node of a value. */
export const nodeName = (value: string): string => value.replace(/:\d+$/, '');

/** Outputs of operators by their names, as functions refer to them; others have one name for all. */
const BLOCK = ['i', 'cs', 'f', 'o', 'ci', 'co', 'h'];
const OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  GRUBlockCell: ['r', 'u', 'c', 'h'],
  LSTMBlockCell: BLOCK,
  BlockLSTM: BLOCK,
  BlockLSTMV2: BLOCK,
  TensorArrayV3: ['handle', 'flow'],
  FusedBatchNormV3: ['y', 'batch_mean', 'batch_variance'],
  CudnnRNN: ['output', 'output_h', 'output_c'],
  CudnnRNNV2: ['output', 'output_h', 'output_c'],
  CudnnRNNV3: ['output', 'output_h', 'output_c'],
};

/** Nodes of a graph, whose inputs are `node` or `node:1`. @throws UserError TENSORFLOW_INVALID */
export function graphNodes(nodes: readonly NodeDef[], file: string): readonly TfNode[] {
  const names = checkedNames(nodes, file);
  return nodes.map(({ name = '', op = '', input, attr }) => ({
    name,
    op,
    attr,
    inputs: input.flatMap((text) => {
      if (text.startsWith('^')) return [];
      const [, node = text, index = '0'] = /^(.*):(\d+)$/s.exec(text) ?? [];
      if (!names.has(node)) throw lost(file, name, text);
      return outputName(node, Number(index));
    }),
  }));
}

/** Nodes of a function, whose inputs are its arguments or `node:output:0`, under names that begin with `prefix`. */
export function functionNodes(
  { signature, node_def, ret }: FunctionDef,
  prefix: string,
  args: readonly string[],
  file: string,
): { readonly nodes: readonly TfNode[]; readonly results: readonly string[] } {
  const known = new Map(
    (signature?.input_arg ?? []).map(({ name = '' }, i) => [name, args[i]] as const),
  );
  checkedNames(node_def, file);
  const ops = new Map(node_def.map(({ name = '', op = '' }) => [name, op]));
  const resolve = (text: string, by: string): string => {
    const [node = '', output, index] = text.split(':');
    if (output === undefined) {
      const given = known.get(node);
      if (given !== undefined) return given;
    }
    const op = ops.get(node);
    if (op === undefined) throw lost(file, by, text);
    const place = OUTPUTS[op]?.indexOf(output ?? '') ?? -1;
    return outputName(`${prefix}${node}`, place > 0 ? place : Number(index ?? 0));
  };
  const nodes = node_def.map(
    ({ name = '', op = '', input, attr }): TfNode => ({
      name: `${prefix}${name}`,
      op,
      attr,
      inputs: input.filter((text) => !text.startsWith('^')).map((text) => resolve(text, name)),
    }),
  );
  const results = (signature?.output_arg ?? []).map(({ name = '' }) =>
    resolve(ret[name] ?? '', signature?.name ?? 'function'),
  );
  return { nodes, results };
}

function checkedNames(nodes: readonly NodeDef[], file: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { name = '' } of nodes) {
    if (name === '' || names.has(name)) {
      const got = name === '' ? 'none' : 'another node of that name';
      throw tensorflowError(file, 'TENSORFLOW_INVALID', name || 'node', 'a name of its own', got);
    }
    names.add(name);
  }
  return names;
}

const lost = (file: string, node: string, text: string) =>
  tensorflowError(file, 'TENSORFLOW_INVALID', node, 'inputs that are nodes of the graph', text);
