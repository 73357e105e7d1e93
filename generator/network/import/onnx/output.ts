import type { FloatLayer, FloatOutput } from '../../float/model.js';
import { type Answer, answersOf, headOf, isBehind, isState, notesOn } from './answers.js';
import type { Chain } from './chain.js';
import type { Constants } from './constants.js';
import { denseLayer, densesBelow, signalOf } from './dense.js';
import { onnxError } from './errors.js';
import type { Graph } from './graph.js';
import { type DenseSource, type Meaning, type Source, wayOf } from './meaning.js';
import type { Node } from './node.js';
import { outputLayer } from './output-layer.js';

/** An output that a fully connected layer computes. */
type Head = Extract<Answer, { is: 'sums' | 'dense' }>;

/** What of a file follows the last recurrent layer. */
export interface FoundOutput {
  /** Fully connected layers that something follows, or a function alone. */
  readonly layers: readonly FloatLayer[];
  /** The fully connected layer at the end, or null where the outputs are h of the last layer. */
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
  if (wanted === 'none' && top.kind === 'recurrent') return hAlone(answers, wanted, chain);
  const lost = answers.find(
    (answer) => answer.is === 'lost' && (wanted === undefined || isBehind(answer, wanted)),
  );
  if (lost?.is === 'lost') throw lost.error;
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
    return {
      ...layersOf(first, top.kind === 'frames', graph, constants),
      head: first,
      nodes: heads.flatMap(nodesOf),
      answers,
      notes: notesOn(answers, 'dense', wanted, top),
      headLeftOut: false,
    };
  }
  const given = answers.some(
    (one) => one.is === 'h' || (one.is === 'states' && holdsH(one.meaning, top)),
  );
  if (given) return hAlone(answers, wanted, chain);
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

/** The layers that compute the output. `alone`: there are no others, and one there must be. */
function layersOf(
  head: Head,
  alone: boolean,
  graph: Graph,
  constants: Constants,
): Pick<FoundOutput, 'layers' | 'layer'> {
  const build = (from: Source) =>
    densesBelow(from).map((dense) => denseLayer(dense, graph, constants));
  if (head.is === 'dense') return { layers: build(head.dense), layer: null };
  const { sums } = head;
  const own =
    alone && sums.dense.h.from.kind === 'frames' ? signalOf({ ...sums, final: null }) : null;
  if (own !== null) return { layers: build(own.from), layer: null };
  return { layers: build(sums.dense.h.from), layer: outputLayer(sums, graph, constants) };
}

/** No fully connected layer: the outputs are h of the last layer. */
function hAlone(
  answers: readonly Answer[],
  wanted: string | undefined,
  { top }: Chain,
): FoundOutput {
  return {
    layers: [],
    layer: null,
    head: null,
    nodes: answers.flatMap((one) => (one.is === 'h' ? wayOf(one.h.way) : [])),
    answers,
    notes: notesOn(answers, 'h', wanted, top),
    headLeftOut: answers.some(({ is }) => is === 'sums' || is === 'dense' || is === 'lost'),
  };
}

/** The nodes up to the output, without those that make probabilities of sums. */
function nodesOf(head: Head): readonly Node[] {
  if (head.is === 'dense') return [...wayOf(head.h.way), ...waysOf(densesBelow(head.dense))];
  const { way, final, dense } = head.sums;
  const own = wayOf(way).filter(({ index }) => final === null || index < final.index);
  return [...own, ...waysOf(densesBelow(dense.h.from))];
}

const waysOf = (denses: readonly DenseSource[]) => denses.flatMap(({ way }) => wayOf(way));

function holdsH(meaning: Meaning, top: Source): boolean {
  return 'items' in meaning && meaning.items.some(({ kind, from }) => kind === 'h' && from === top);
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
