import { type Axes, axesText } from './axes.js';
import type { Chain } from './chain.js';
import type { Constants } from './constants.js';
import { bothDirections, isOfLayer } from './directions.js';
import { onnxError } from './errors.js';
import type { Graph } from './graph.js';
import { DENSE_LAYERS } from './layer-input.js';
import {
  type DenseSource,
  isBehindDense,
  type Meaning,
  partsOf,
  type Root,
  rootsOf,
  type Signal,
  type Source,
  type Sums,
  sourceOf,
} from './meaning.js';

/** What an output of the graph is to the hardware. */
export type Answer =
  | { readonly name: string; readonly is: 'sums'; readonly sums: Sums }
  /** What a fully connected layer with a function gives, above the last recurrent layer. */
  | {
      readonly name: string;
      readonly is: 'dense';
      readonly h: Signal;
      readonly dense: DenseSource;
    }
  | { readonly name: string; readonly is: 'h'; readonly h: Signal }
  /** States of the last frame, which the caller hands back in the next call. */
  | { readonly name: string; readonly is: 'states'; readonly meaning: Meaning }
  /** It depends on no recurrent layer, or, where there is none, on no input. */
  | { readonly name: string; readonly is: 'independent' }
  /** It depends on a layer, or on what the network reads, and the hardware does not compute it. */
  | {
      readonly name: string;
      readonly is: 'lost';
      /** Null where it comes from another input than the frames. */
      readonly meaning: Meaning | null;
      /** It is h of an inner layer. */
      readonly inner: boolean;
      readonly error: Error;
    };

/** What each output of the graph is, by its meaning. */
export function answersOf(
  { top, meanings }: Chain,
  graph: Graph,
  constants: Constants,
): readonly Answer[] {
  return [...graph.outputs].map((name): Answer => {
    const meaning = meanings.get(name);
    const fail = (field: string, got: string) =>
      onnxError(graph.file, 'OUTPUT_NOT_TAKEN', field, allowed(top, name), got);
    if (meaning === undefined) {
      if (top.kind === 'recurrent' || constants.has(name)) return { name, is: 'independent' };
      const error = fail(`output ${name}`, `a value that does not come from ${top.label}`);
      return { name, is: 'lost', meaning: null, inner: false, error };
    }
    const lost = (field: string, got: string, inner = false): Answer => ({
      name,
      is: 'lost',
      meaning,
      inner,
      error: fail(field, got),
    });
    switch (meaning.kind) {
      case 'lost':
        return lost(meaning.node.label, `${meaning.node.op}: ${meaning.why}`);
      case 'sums': {
        const { node, h } = meaning.dense;
        const frames = framesBelow(h.from, top);
        if (frames === undefined) return { name, is: 'sums', sums: meaning };
        return lost(node.label, `${node.op} on ${frames.label}, below a recurrent layer`);
      }
      case 'states':
        return { name, is: 'states', meaning };
      case 'stack': {
        const both = bothDirections(meaning);
        if (both !== null && isOfLayer(both, top)) return { name, is: 'h', h: both };
        if (isState(meaning.axes)) return { name, is: 'states', meaning };
        return lost(`output ${name}`, `h of both directions of ${sourceOf(meaning).label}`, true);
      }
      default: {
        const { from, axes, affine } = meaning;
        if (affine !== null) return lost(affine.node.label, `${affine.node.op}: it changes values`);
        if (from.kind === 'frames') return lost(`output ${name}`, `${from.label} themselves`);
        if (from.kind === 'dense') {
          const frames = framesBelow(from, top);
          if (frames === undefined) return { name, is: 'dense', h: meaning, dense: from };
          const got = `a fully connected layer on ${frames.label}, below a recurrent layer`;
          return lost(from.label, got);
        }
        if (isOfLayer(meaning, top)) return { name, is: 'h', h: meaning };
        const parts = partsOf(from, 0);
        if (isState(axes) && parts.every(({ source }) => source.kind === 'recurrent')) {
          return { name, is: 'states', meaning };
        }
        if (from.kind !== 'join') {
          return lost(`output ${name}`, `h of ${from.label}, an inner layer`, true);
        }
        const got = `it joins ${from.label}, which no layer reads`;
        return lost(from.node.label, `${from.node.op}: ${got}`);
      }
    }
  });
}

/** The recurrent layers whose states an output hands back. */
export function statesIn(answer: Extract<Answer, { is: 'states' | 'h' }>): readonly Root[] {
  const meaning = answer.is === 'h' ? answer.h : answer.meaning;
  const items = 'items' in meaning ? meaning.items : [meaning];
  return items.flatMap((item) => ('from' in item ? rootsOf(item.from) : []));
}

/** Whether a value holds what a layer has after the last frame alone. */
export function isState({ lastFrame, lengths }: Axes): boolean {
  return lastFrame || lengths.time === 1;
}

/** Whether the fully connected layer `label` is on the way to an output that is lost. */
export function isBehind(answer: Answer, label: string): boolean {
  return answer.is === 'lost' && answer.meaning !== null && isBehindDense(answer.meaning, label);
}

/** The frames, where a layer above them reads those and no recurrent one although there are such. */
function framesBelow(from: Source, top: Root): Root | undefined {
  if (top.kind === 'frames') return undefined;
  const roots = rootsOf(from);
  return roots.every(({ kind }) => kind === 'frames') ? roots[0] : undefined;
}

function allowed({ kind, label }: Root, name: string): string {
  const [from, out] =
    kind === 'frames'
      ? [label, '']
      : [`h of ${label}`, ', or leave out all that follows h by --map fc=none'];
  return (
    `nothing between ${from} and output ${name} but ${DENSE_LAYERS}, and then Softmax, ` +
    `LogSoftmax or Sigmoid (export the network without the rest${out})`
  );
}

/** A sentence about each output that is more, or less, than what the hardware gives. */
export function notesOn(
  answers: readonly Answer[],
  taken: 'dense' | 'h',
  wanted: string | undefined,
  top: Root,
): readonly string[] {
  return answers.map((answer) => noteOn(answer, taken, wanted, top));
}

function noteOn(
  answer: Answer,
  taken: 'dense' | 'h',
  wanted: string | undefined,
  top: Root,
): string {
  const { name } = answer;
  const leftOut = `output ${name} is left out (--map fc=${wanted})`;
  switch (answer.is) {
    case 'independent':
      return top.kind === 'frames'
        ? `output ${name} is constant and is left out`
        : `output ${name} does not depend on the recurrent layers and is left out`;
    case 'states':
      return handedBack(name, statesText(answer.meaning));
    case 'lost': {
      const { meaning } = answer;
      if (meaning?.kind !== 'lost') return leftOut;
      return `${leftOut}: it depends on h through ${meaning.node.label} (${meaning.node.op})`;
    }
    case 'h':
      if (taken === 'h') return about(name, answer.h.axes, null);
      return isState(answer.h.axes) ? handedBack(name, 'h') : `${leftOut}: it is h itself`;
    case 'dense':
    case 'sums': {
      const { label, axes, final } = headOf(answer);
      const chosen = taken === 'dense' && (wanted === undefined || wanted === label);
      if (chosen) return about(name, axes, final?.op ?? null);
      return `${leftOut}: it is the fully connected layer ${label}`;
    }
  }
}

/** An output that a fully connected layer computes: the name of the layer, the axes, and what makes probabilities of it. */
export function headOf(answer: Extract<Answer, { is: 'sums' | 'dense' }>) {
  if (answer.is === 'dense') return { label: answer.dense.label, axes: answer.h.axes, final: null };
  const { dense, axes, final } = answer.sums;
  return { label: dense.node.label, axes, final };
}

const handedBack = (name: string, states: string) =>
  `output ${name} hands ${states} back to the caller: the hardware keeps its states itself`;

function about(name: string, axes: Axes, final: string | null): string {
  const of =
    final === null ? '' : `, behind ${final}, which the hardware leaves out: it gives the sums`;
  const last = axes.lastFrame
    ? '; the file computes it for the last frame only, the hardware for every frame'
    : '';
  return `outputs are output ${name} ${axesText(axes)}${of}${last}`;
}

function statesText(meaning: Meaning): string {
  if (meaning.kind === 'h' || meaning.kind === 'c') {
    return `${meaning.kind} of ${sourceOf(meaning).label}`;
  }
  return 'states';
}
