import { type Axes, axesText } from './axes.js';
import type { Chain } from './chain.js';
import { onnxError } from './errors.js';
import type { Graph } from './graph.js';
import type { LayerNode } from './layer-node.js';
import { densesBehind, layerOf, type Meaning, type Signal, type Sums } from './meaning.js';

/** What an output of the graph is to the hardware. */
export type Answer =
  | { readonly name: string; readonly is: 'sums'; readonly sums: Sums }
  | { readonly name: string; readonly is: 'h'; readonly h: Signal }
  /** States of the last frame, which the caller hands back in the next call. */
  | { readonly name: string; readonly is: 'states'; readonly meaning: Meaning }
  /** It depends on no recurrent layer. */
  | { readonly name: string; readonly is: 'independent' }
  /** It depends on a recurrent layer, and the hardware does not compute it. */
  | {
      readonly name: string;
      readonly is: 'lost';
      readonly meaning: Meaning;
      readonly error: Error;
    };

/** What each output of the graph is, by its meaning. */
export function answersOf({ layers, meanings }: Chain, graph: Graph): readonly Answer[] {
  const last = layers.at(-1) as LayerNode;
  return [...graph.outputs].map((name): Answer => {
    const meaning = meanings.get(name);
    if (meaning === undefined) return { name, is: 'independent' };
    const fail = (field: string, got: string) =>
      onnxError(graph.file, 'OUTPUT_NOT_TAKEN', field, allowed(last, name), got);
    const lost = (field: string, got: string): Answer => ({
      name,
      is: 'lost',
      meaning,
      error: fail(field, got),
    });
    switch (meaning.kind) {
      case 'lost':
        return lost(meaning.node.label, `${meaning.node.op}: ${meaning.why}`);
      case 'sums': {
        const { node, h } = meaning.dense;
        if (h.layer.node === last.node) return { name, is: 'sums', sums: meaning };
        return lost(node.label, `${node.op} on h of ${h.layer.node.label}, an inner layer`);
      }
      case 'stack':
      case 'states':
        return { name, is: 'states', meaning };
      default: {
        const { layer, axes, affine, kind } = meaning;
        if (affine !== null) return lost(affine.node.label, `${affine.node.op}: it changes values`);
        if (kind === 'h' && layer.node === last.node) return { name, is: 'h', h: meaning };
        if (isState(axes)) return { name, is: 'states', meaning };
        return lost(`output ${name}`, `h of ${layer.node.label}, an inner layer`);
      }
    }
  });
}

/** Whether a value holds what a layer has after the last frame alone. */
export function isState({ lastFrame, lengths }: Axes): boolean {
  return lastFrame || lengths.time === 1;
}

/** Whether the fully connected layer `label` is on the way to the output. */
export function isBehind(answer: Answer, label: string): boolean {
  const meaning = answer.is === 'sums' ? answer.sums : answer.is === 'lost' ? answer.meaning : null;
  return meaning !== null && densesBehind(meaning).some((node) => node.label === label);
}

const allowed = (last: LayerNode, name: string) =>
  `nothing between h of ${last.node.label} and output ${name} but one fully connected layer and then Softmax, ` +
  'LogSoftmax or Sigmoid (export the network without the rest, or leave out all that follows h by --map fc=none)';

/** A sentence about each output that is more, or less, than what the hardware gives. */
export function notesOn(
  answers: readonly Answer[],
  taken: 'sums' | 'h',
  wanted: string | undefined,
): readonly string[] {
  return answers.map((answer) => noteOn(answer, taken, wanted));
}

function noteOn(answer: Answer, taken: 'sums' | 'h', wanted: string | undefined): string {
  const { name } = answer;
  const leftOut = `output ${name} is left out (--map fc=${wanted})`;
  switch (answer.is) {
    case 'independent':
      return `output ${name} does not depend on the recurrent layers and is left out`;
    case 'states':
      return handedBack(name, statesText(answer.meaning));
    case 'lost': {
      const { meaning } = answer;
      if (meaning.kind !== 'lost') return leftOut;
      return `${leftOut}: it depends on h through ${meaning.node.label} (${meaning.node.op})`;
    }
    case 'h':
      if (taken === 'h') return about(name, answer.h.axes, null);
      return isState(answer.h.axes) ? handedBack(name, 'h') : `${leftOut}: it is h itself`;
    case 'sums': {
      const { axes, dense, final } = answer.sums;
      const chosen = taken === 'sums' && (wanted === undefined || wanted === dense.node.label);
      if (chosen) return about(name, axes, final?.op ?? null);
      return `${leftOut}: it is the fully connected layer ${dense.node.label}`;
    }
  }
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
    return `${meaning.kind} of ${layerOf(meaning).node.label}`;
  }
  return 'states';
}
