import { unexpected } from '../../../../base/errors.js';
import type { LeftOut } from '../../imported.js';
import { Constants } from '../constants.js';
import { onnxError } from '../errors.js';
import { graphOf } from '../graph.js';
import type { GraphProto, ModelProto } from '../messages.js';
import { nodesOf } from '../node.js';
import { BRANCHES, type Branch, branchOf, inlineBranch } from './branches.js';
import { Flat } from './flat.js';
import { calledBy, functionsOf, inlineCall } from './functions.js';

/** A model whose main graph has the functions and branches in it that are taken. */
export interface Expanded {
  readonly proto: ModelProto;
  /** Calls and Ifs that something stands for. */
  readonly taken: readonly string[];
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly string[];
}

/** Levels of functions in functions and branches in branches. */
const MAX_LEVELS = 32;

/** What is known about the file and said by the user. */
export interface Expansion {
  readonly file: string;
  /** Size of the file. */
  readonly bytes: number;
  /** `NODE.then_branch` or `NODE.else_branch`, each If once. */
  readonly graph?: readonly string[] | undefined;
}

/**
 * Puts functions in place of their calls, and in place of an If the branch that the user names, or that its condition
 * chooses where it is a constant.
 * @throws UserError BAD_GRAPH for a branch that is not there, IMPORT_TOO_LARGE, or what reading a graph throws.
 */
export function expandModel(model: ModelProto, options: Expansion): Expanded {
  const { file } = options;
  const choices = choicesOf(options.graph ?? []);
  const used = new Set<string>();
  const functions = functionsOf(model);
  const taken: string[] = [];
  const leftOut: LeftOut[] = [];
  const notes: string[] = [];
  let proto = model;
  for (let level = 0; proto.graph; level++) {
    const { graph } = proto;
    const labels = nodesOf(graph.node).map(({ label }) => label);
    const chosen = branchesOf(proto, graph, labels, choices, options);
    const calls = graph.node.map((node) => calledBy(node, functions));
    if (chosen.size === 0 && calls.every((call) => call === undefined)) break;
    if (level === MAX_LEVELS) {
      const got = 'functions or branches inside each other deeper than that';
      throw onnxError(file, 'IMPORT_TOO_LARGE', 'graph', `at most ${MAX_LEVELS} levels`, got);
    }
    const flat = new Flat(graph, file);
    graph.node.forEach((node, i) => {
      const [label, branch, call] = [labels[i] as string, chosen.get(i), calls[i]];
      if (branch !== undefined) {
        const other = BRANCHES.find((one) => one !== branch) as Branch;
        inlineBranch(node, branch, label, flat, file);
        taken.push(label);
        const nodes = branchOf(node, other)?.node.length ?? 0;
        const what = `branch that is not taken, ${nodes} nodes`;
        leftOut.push({ name: `${label}.${other}`, kind: 'node', what });
        const said = choices.get(label) === branch;
        const why = said ? '--graph says so' : 'its condition is constant';
        if (said) used.add(label);
        notes.push(`${branch} of ${label} (If) is taken: ${why}`);
      } else if (call !== undefined) {
        inlineCall(node, call, label, flat);
        taken.push(label);
      } else flat.add(node);
    });
    proto = { ...proto, graph: flat.done() };
  }
  const odd = [...choices.keys()].find((label) => !used.has(label));
  if (odd !== undefined) {
    const ifs = nodesOf(proto.graph?.node ?? []).filter(({ op }) => op === 'If');
    const names = ifs.flatMap(({ label }) => BRANCHES.map((branch) => `${label}.${branch}`));
    const expected = names.join(' or ') || 'none, as the graph has no If that is left to choose';
    throw badGraph(expected, `${odd}.${choices.get(odd)}`, file);
  }
  // those that are left have another version of the operators; recurrent layers in them are refused
  const inlined = new Set(functions.values());
  const others = model.functions.filter((one) => !inlined.has(one));
  return { proto: { ...proto, functions: others }, taken, leftOut, notes };
}

/** Which branch is taken of which node. */
function branchesOf(
  model: ModelProto,
  graph: GraphProto,
  labels: readonly string[],
  choices: ReadonlyMap<string, Branch>,
  { file, bytes }: Expansion,
): ReadonlyMap<number, Branch> {
  const chosen = new Map<number, Branch>();
  const isIf = ({ op_type, domain = '' }: GraphProto['node'][number]) =>
    op_type === 'If' && (domain === '' || domain === 'ai.onnx');
  if (!graph.node.some(isIf)) return chosen;
  const constants = new Constants(graphOf(model, file), bytes);
  graph.node.forEach((node, i) => {
    if (!isIf(node)) return;
    const said = choices.get(labels[i] as string);
    const [condition = ''] = node.input;
    if (said !== undefined) chosen.set(i, said);
    else if (constants.has(condition)) {
      const { data, type } = constants.get(condition);
      if (data.length === 1 && type.name === 'bool')
        chosen.set(i, data[0] === 0 ? 'else_branch' : 'then_branch');
    }
  });
  return chosen;
}

function choicesOf(texts: readonly string[]): ReadonlyMap<string, Branch> {
  const choices = new Map<string, Branch>();
  for (const text of texts) {
    const branch = BRANCHES.find((one) => text.endsWith(`.${one}`));
    if (branch === undefined) throw badGraph('NODE.then_branch or NODE.else_branch', text);
    const label = text.slice(0, -branch.length - 1);
    if (choices.has(label)) throw badGraph(`one branch of ${label}`, 'two');
    choices.set(label, branch);
  }
  return choices;
}

const badGraph = (expected: string, got: string, file?: string) =>
  unexpected({ code: 'BAD_GRAPH', file, field: '--graph', expected, got }, '--graph');
