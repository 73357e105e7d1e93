import type { FloatOutput } from '../../float/model.js';
import { type Answer, answersOf, isBehind, isState, notesOn } from './answers.js';
import type { Chain } from './chain.js';
import type { Constants } from './constants.js';
import { onnxError } from './errors.js';
import type { Graph } from './graph.js';
import type { LayerNode } from './layer-node.js';
import { type Meaning, type Sums, wayOf } from './meaning.js';
import type { Node } from './node.js';
import { outputLayer } from './output-layer.js';

/** What of a file follows the last layer. */
export interface FoundOutput {
  /** The fully connected layer, or null where the outputs are h. */
  readonly layer: FloatOutput | null;
  /** The sums that it computes, or null. */
  readonly sums: Sums | null;
  /** The nodes that it is made of, with those between h and the output of the graph. */
  readonly nodes: readonly Node[];
  readonly answers: readonly Answer[];
  readonly notes: readonly string[];
  /** Something that computes on h is left out, as the user wants it: the outputs are no answers of the network. */
  readonly headLeftOut: boolean;
}

/**
 * What the hardware computes of the outputs of the graph: the fully connected layer behind them, or h of the last
 * layer. `wanted` is the node to take, or `none`, where the user says so.
 * @throws UserError OUTPUT_NOT_TAKEN naming the output and the operator on the way to it that is not taken,
 * OUTPUT_AMBIGUOUS where several layers could be it, BAD_MAP where `wanted` is none.
 */
export function findOutput(
  chain: Chain,
  graph: Graph,
  constants: Constants,
  wanted: string | undefined,
): FoundOutput {
  const { label } = (chain.layers.at(-1) as LayerNode).node;
  const answers = answersOf(chain, graph);
  if (wanted === 'none') return hAlone(answers, wanted);
  const lost = answers.find(
    (answer) => answer.is === 'lost' && (wanted === undefined || isBehind(answer, wanted)),
  );
  if (lost?.is === 'lost') throw lost.error;
  const sums = answers
    .flatMap((answer) => (answer.is === 'sums' ? [answer.sums] : []))
    .filter(({ dense }) => wanted === undefined || dense.node.label === wanted);
  const [first, ...others] = sums;
  if (wanted !== undefined && first === undefined) throw noSuch(wanted, chain, graph);
  const h = answers.filter((one) => one.is === 'h' && !isState(one.h.axes));
  const beside = first !== undefined && wanted === undefined ? h : [];
  // the same product with another bias is another answer
  const odd = others.filter((one) => one.dense !== first?.dense || one.affine !== first.affine);
  if (odd.length > 0 || beside.length > 0) {
    const expected = `one fully connected layer on h of ${label}, or --map fc=NAME, or --map fc=none`;
    const got = [
      ...[...(first ? [first] : []), ...odd].map(({ dense }) => dense.node.label),
      ...beside.map(({ name }) => `output ${name}, which is h itself`),
    ];
    throw onnxError(graph.file, 'OUTPUT_AMBIGUOUS', label, expected, got.join(', '));
  }
  if (first !== undefined) {
    return {
      layer: outputLayer(first, graph, constants),
      sums: first,
      nodes: sums.flatMap(nodesOf),
      answers,
      notes: notesOn(answers, 'sums', wanted),
      headLeftOut: false,
    };
  }
  const given = answers.some(
    (one) => one.is === 'h' || (one.is === 'states' && holdsH(one.meaning, label)),
  );
  if (given) return hAlone(answers, wanted);
  const expected = `an output of the graph that comes from h of ${label}, the last layer`;
  const got = answers.map(({ name }) => name).join(', ') || 'no outputs';
  throw onnxError(graph.file, 'OUTPUT_NOT_TAKEN', label, expected, got);
}

/** No fully connected layer: the outputs are h of the last layer. */
function hAlone(answers: readonly Answer[], wanted: string | undefined): FoundOutput {
  return {
    layer: null,
    sums: null,
    nodes: answers.flatMap((one) => (one.is === 'h' ? wayOf(one.h.way) : [])),
    answers,
    notes: notesOn(answers, 'h', wanted),
    headLeftOut: answers.some(({ is }) => is === 'sums' || is === 'lost'),
  };
}

/** The nodes up to the sums and behind them, without those that make probabilities of them. */
function nodesOf({ way, final }: Sums): readonly Node[] {
  return wayOf(way).filter(({ index }) => final === null || index < final.index);
}

function holdsH(meaning: Meaning, label: string): boolean {
  return (
    'items' in meaning &&
    meaning.items.some(({ kind, layer }) => kind === 'h' && layer.node.label === label)
  );
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
