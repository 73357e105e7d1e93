import { shellWord } from '../../../../base/printable.js';
import { onnxError } from '../errors.js';
import type { GraphProto, NodeProto } from '../messages.js';
import type { Flat } from './flat.js';
import { renamed } from './rename.js';

/** The graphs of an If: what is computed where its condition holds, and where not. */
export const BRANCHES = ['then_branch', 'else_branch'] as const;
export type Branch = (typeof BRANCHES)[number];

/** How the command line says that a branch of the If is taken. */
export const branchOptions = (label: string): string =>
  BRANCHES.map((branch) => `--graph ${shellWord(`${label}.${branch}`)}`).join(' or ');

/** The graph of a branch. */
export function branchOf({ attribute }: NodeProto, branch: Branch): GraphProto | undefined {
  return attribute.find(({ name }) => name === branch)?.g ?? undefined;
}

/**
 * The nodes of a branch in place of its If; values keep their names where nothing else has them.
 * @throws UserError ONNX_INVALID where the If does not have the branch, or as many outputs as it
 */
export function inlineBranch(
  node: NodeProto,
  branch: Branch,
  label: string,
  flat: Flat,
  file: string,
): void {
  const graph = branchOf(node, branch);
  const fail = (expected: string, got: string) =>
    onnxError(file, 'ONNX_INVALID', `${label}.${branch}`, expected, got);
  if (graph === undefined) throw fail('a graph', 'none');
  if (graph.input.length > 0) throw fail('no inputs', `${graph.input.length}`);
  if (graph.output.length < node.output.length) {
    throw fail(`${node.output.length} outputs`, `${graph.output.length}`);
  }
  const values = new Map<string, string>();
  const computed = new Set(graph.node.flatMap(({ output }) => output));
  graph.output.forEach(({ name = '' }, i) => {
    const given = node.output[i];
    if (given && computed.has(name) && !values.has(name)) values.set(name, given);
  });
  const define = (name: string) => {
    if (name === '' || values.has(name)) return;
    values.set(name, flat.fresh(flat.isDefined(name) ? `${label}.${branch}/${name}` : name));
  };
  for (const { name = '' } of graph.initializer) define(name);
  for (const { values: tensor } of graph.sparse_initializer) define(tensor?.name ?? '');
  for (const name of computed) define(name);
  flat.addConstants(graph, values);
  for (const inner of graph.node) flat.add(renamed(inner, { values }));
  graph.output.forEach(({ name = '' }, i) => {
    flat.alias(values.get(name) ?? name, node.output[i] ?? '');
  });
}
