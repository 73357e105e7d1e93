import type { FloatOutput } from '../../float/model.js';
import { copyNote } from '../both-directions.js';
import { type Answer, answersOf, headOf, isBehind, isState, notesOn, statesIn } from './answers.js';
import { branched, type Chain } from './chain.js';
import type { Constants } from './constants.js';
import { signalOf } from './dense.js';
import { isOfLayer, isSameOfLayer } from './directions.js';
import { onnxError } from './errors.js';
import type { Graph } from './graph.js';
import type { LayerNode } from './layer-node.js';
import { LayerStack } from './layer-stack.js';
import { type Meaning, type Root, wayOf } from './meaning.js';
import type { Node } from './node.js';

/** An output that a fully connected layer computes. */
type Head = Extract<Answer, { is: 'sums' | 'dense' }>;

/** What the hardware computes at the end. */
export interface FoundOutput {
  /** The layers up to it. */
  readonly stack: LayerStack;
  /** The fully connected layer at the end, or null where the outputs are values of the last layer. */
  readonly layer: FloatOutput | null;
  /** The output that it computes, or one of those; null where no fully connected layer is taken. */
  readonly head: Head | null;
  /** The nodes that all is made of, with those between h and the output of the graph. */
  readonly nodes: readonly Node[];
  readonly answers: readonly Answer[];
  readonly notes: readonly string[];
  /** Something that computes on h is left out, as the user wants it: the outputs are no answers of the network. */
  readonly headLeftOut: boolean;
}

/**
 * What the hardware computes of the outputs of the graph: the fully connected layers behind them, or h of the last
 * recurrent layer. `wanted` is the node to take, or `none`, where the user says so.
 * @throws UserError OUTPUT_NOT_TAKEN naming the output and the operator on the way to it that is not taken,
 * OUTPUT_AMBIGUOUS where several layers could be it, BAD_MAP where `wanted` is none.
 */
export function findOutput(
  chain: Chain,
  graph: Graph,
  constants: Constants,
  wanted: string | undefined,
): FoundOutput {
  const { top } = chain;
  const { label } = top;
  const answers = answersOf(chain, graph, constants);
  if (wanted === 'none' && top.kind === 'recurrent')
    return hAlone(answers, wanted, chain, graph, constants);
  const lost = answers.find(
    (answer) => answer.is === 'lost' && (wanted === undefined || isBehind(answer, wanted)),
  );
  if (lost?.is === 'lost') {
    throw lost.inner && chain.branch !== null ? branched(chain.branch, graph.file) : lost.error;
  }
  const heads = answers.filter(
    (answer): answer is Head =>
      (answer.is === 'sums' || answer.is === 'dense') &&
      (wanted === undefined || headOf(answer).label === wanted),
  );
  const [first, ...others] = heads;
  if (wanted !== undefined && first === undefined) throw noSuch(wanted, chain, graph);
  const h = answers.filter((one) => one.is === 'h' && !isState(one.h.axes));
  const beside = first !== undefined && wanted === undefined ? h : [];
  const odd = others.filter((one) => first !== undefined && !isSame(one, first));
  if (odd.length > 0 || beside.length > 0) {
    const on = top.kind === 'frames' ? label : `h of ${label}`;
    const none = top.kind === 'frames' ? '' : ', or --map fc=none';
    const expected = `one fully connected layer on ${on}, or --map fc=NAME${none}`;
    const got = [
      ...[...(first ? [first] : []), ...odd].map((one) => headOf(one).label),
      ...beside.map(({ name }) => `output ${name}, which is h itself`),
    ];
    throw onnxError(graph.file, 'OUTPUT_AMBIGUOUS', label, expected, got.join(', '));
  }
  if (first !== undefined) {
    const built = layersOf(first, chain, graph, constants);
    const unread = [...chain.reads.keys()].filter(({ node }) => !built.stack.has(node));
    if (wanted === undefined && chain.branch !== null && unread.length > 0) {
      throw branched(chain.branch, graph.file);
    }
    const apart = answers.find(
      (one) =>
        (one.is === 'states' || one.is === 'h') &&
        statesIn(one).some((root) => unread.some((lstm) => isOf(root, lstm))),
    );
    if (wanted === undefined && apart !== undefined) {
      const expected = `states of layers that ${headOf(first).label} needs, or --map fc=${headOf(first).label}, which leaves the others out`;
      const got = `states of ${unread.map(({ node }) => node.label).join(' and ')}`;
      throw onnxError(graph.file, 'OUTPUT_NOT_TAKEN', `output ${apart.name}`, expected, got);
    }
    return {
      ...built,
      head: first,
      nodes: heads.flatMap(nodesOf),
      answers,
      notes: [...notesOn(answers, 'dense', wanted, top), ...unread.map(unreadNote)],
      headLeftOut: false,
    };
  }
  const given = answers.some(
    (one) => one.is === 'h' || (one.is === 'states' && holdsH(one.meaning, top)),
  );
  if (given) return hAlone(answers, wanted, chain, graph, constants);
  const expected =
    top.kind === 'frames'
      ? `an output of the graph that comes from ${label} through fully connected layers`
      : `an output of the graph that comes from h of ${label}, the last layer`;
  const got = answers.map(({ name }) => name).join(', ') || 'no outputs';
  throw onnxError(graph.file, 'OUTPUT_NOT_TAKEN', label, expected, got);
}

/** Whether both are the same numbers, but for their axes: the same product with another bias is another answer. */
export function isSame(a: Answer, b: Answer): boolean {
  if (a.is === 'sums' && b.is === 'sums')
    return a.sums.dense === b.sums.dense && a.sums.affine === b.sums.affine;
  return a.is === 'dense' && b.is === 'dense' && a.dense === b.dense;
}

const isOf = (root: Root, lstm: LayerNode) => root.kind === 'recurrent' && root.layer === lstm;

const unreadNote = ({ node }: LayerNode) =>
  `${node.label} is left out: the output that is taken does not depend on it`;

/** The layers that compute the output. */
function layersOf(
  head: Head,
  { reads }: Chain,
  graph: Graph,
  constants: Constants,
): Pick<FoundOutput, 'stack' | 'layer'> {
  const stack = new LayerStack(reads, graph, constants);
  if (head.is === 'dense') {
    stack.number(head.dense);
    return { stack, layer: null };
  }
  const { sums } = head;
  // one layer there must be
  const own = sums.dense.h.from.kind === 'frames' ? signalOf({ ...sums, final: null }) : null;
  if (own === null) return { stack, layer: stack.output(sums) };
  stack.number(own.from);
  return { stack, layer: null };
}

/**
 * No fully connected layer: the outputs are h of the last layer, of the directions that an output of the graph has, or of all.
 * @throws UserError LSTM_CHAIN where another one is beside it, OUTPUT_AMBIGUOUS where outputs have several parts of it
 */
function hAlone(
  given: readonly Answer[],
  wanted: string | undefined,
  { top, whole, reads, branch }: Chain,
  graph: Graph,
  constants: Constants,
): FoundOutput {
  const stack = new LayerStack(reads, graph, constants);
  const all = given.filter((one) => one.is === 'h');
  const every = all.filter((one) => !isState(one.h.axes));
  const one = every[0] ?? (wanted === undefined ? all[0] : undefined);
  const differ = one !== undefined && every.some(({ h }) => !isSameOfLayer(h, one.h));
  const names = every.map(({ name }) => name).join(' and ');
  const several = onnxError(
    graph.file,
    'OUTPUT_AMBIGUOUS',
    top.label,
    `one part of h of ${top.label}, or --map fc=none, which takes all of it`,
    `${names}, which are several`,
  );
  if (differ && wanted === undefined) throw several;
  const taken = (differ ? undefined : one?.h) ?? whole;
  // final states beside values of every frame, and parts of what is taken whole
  const answers = given.map((answer): Answer => {
    if (answer.is !== 'h' || taken === null || isSameOfLayer(answer.h, taken)) return answer;
    const { name, h: meaning } = answer;
    if (isState(meaning.axes)) return { name, is: 'states', meaning };
    return { name, is: 'lost', meaning, inner: false, error: several };
  });
  const copy = taken === null ? null : stack.copy(taken);
  if (branch !== null && [...reads.keys()].some(({ node }) => !stack.has(node))) {
    throw branched(branch, graph.file);
  }
  return {
    stack,
    layer: null,
    head: null,
    nodes: answers.flatMap((one) => (one.is === 'h' ? wayOf(one.h.way) : [])),
    answers,
    notes: [...notesOn(answers, 'h', wanted, top), ...(copy === null ? [] : [copyNote(copy)])],
    headLeftOut: answers.some(({ is }) => is === 'sums' || is === 'dense' || is === 'lost'),
  };
}

/** The nodes up to the output, without those that make probabilities of sums. */
function nodesOf(head: Head): readonly Node[] {
  if (head.is === 'dense') return wayOf(head.h.way);
  const { way, final } = head.sums;
  return wayOf(way).filter(({ index }) => final === null || index < final.index);
}

function holdsH(meaning: Meaning, top: Root): boolean {
  return 'items' in meaning && meaning.items.some((item) => isOfLayer(item, top));
}

function noSuch(wanted: string, { meanings }: Chain, graph: Graph): Error {
  const found = new Set<string>();
  for (const meaning of meanings.values()) {
    if (meaning.kind === 'sums') found.add(meaning.dense.node.label);
  }
  const dead = found.has(wanted);
  const expected = dead
    ? 'a fully connected layer that an output of the graph holds'
    : [...found].join(' or ') || 'none';
  return onnxError(graph.file, 'BAD_MAP', '--map fc', expected, wanted);
}
