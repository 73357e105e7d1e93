import type { Steps } from '../../base/steps.js';
import { type Confusion, confusionOf } from '../../golden/confusion.js';
import type { GoldenFrame } from '../../golden/network.js';
import { correctDecisions, decisions, goldenSteps } from '../../golden/run.js';
import { cellOf } from '../../network/cells/registry.js';
import { codesOf, type FrameSet } from '../../network/data/frame-set.js';
import { type FloatModel, outputsOf } from '../../network/float/model.js';
import { inputFormat } from '../../network/frames.js';
import type { Model } from '../../network/model.js';
import { layersOf, programOf } from '../../network/program.js';
import { framesIn } from '../../network/utterances.js';
import { Counter, type Histogram } from './bins.js';
import { type LayerError, LayerErrors } from './errors.js';

/** Frames, and what is known of them. */
export interface MeasuredOn {
  readonly set: FrameSet;
  /** Class of each utterance; null: not known. */
  readonly labels: Int32Array | null;
  /** The network that the model was made of, and its file; null: not given. */
  readonly float: { readonly model: FloatModel; readonly file: string } | null;
  /** Told after each frame. */
  readonly tick: (done: number, total: number) => void;
}

/** Values clamped in a layer, by rounding point. */
export interface LayerSaturations {
  readonly layer: number;
  readonly gateInput: number;
  readonly cellInput: number;
  readonly cell: number;
  readonly hidden: number;
}

/** What the golden model makes of the frames. */
export interface Measured {
  readonly frames: number;
  readonly utterances: number;
  /** Input values beyond the input format. */
  readonly inputSaturated: number;
  readonly saturations: readonly LayerSaturations[];
  /** Inputs, then state and value of each layer. */
  readonly histograms: readonly Histogram[];
  /** By layer; null without a float network. */
  readonly errors: readonly LayerError[] | null;
  /** Frames that `errors` are of. */
  readonly comparedFrames: number;
  /** Null without labels. */
  readonly accuracy: {
    readonly correct: number;
    readonly utterances: number;
    /** Of the float network; null where it is not given. */
    readonly floatCorrect: number | null;
    readonly confusion: Confusion;
  } | null;
}

/** Runs the golden model, and where there is one the float network, on every frame. @throws UserError FLOAT_DIFFERS */
export function* measureValues(
  model: Model,
  { set, labels, float, tick }: MeasuredOn,
): Steps<Measured> {
  const program = programOf(model);
  const format = inputFormat(model);
  const frames = codesOf(set, format);
  const total = framesIn(frames);
  const errors = float && new LayerErrors(float.model, program, set, float.file);
  const width = float === null ? 0 : outputsOf(float.model);
  const floatOutputs = new Float64Array(total * width);
  if (errors !== null) {
    yield* errors.runSteps(set, (values, frame) => floatOutputs.set(values, frame * width));
  }
  const counters = stateCounters(model);
  const input = new Counter({ name: 'inputs', fraction: format.fraction, ...rangeOf(format.bits) });
  input.add(frames.codes);
  const visit = (frame: GoldenFrame, index: number): void => {
    for (const { counter, of } of counters) counter.add(of(frame));
    errors?.visit(frame, index);
    tick(index + 1, total);
  };
  const golden = yield* goldenSteps(model, frames, visit);
  const decided = decisions(golden, frames);
  return {
    frames: total,
    utterances: frames.lengths.length,
    inputSaturated: frames.saturated,
    saturations: golden.layerSaturations.map((layer, n) => ({ layer: n, ...layer })),
    histograms: [input, ...counters.map(({ counter }) => counter)].map((one) => one.histogram()),
    errors: errors?.errors() ?? null,
    comparedFrames: errors?.frames ?? 0,
    accuracy: labels && {
      correct: correctDecisions(decided, labels),
      utterances: labels.length,
      floatCorrect:
        float && correctDecisions(decisions({ outputs: floatOutputs, width }, frames), labels),
      confusion: confusionOf(decided, labels, golden.width),
    },
  };
}

function rangeOf(bits: number) {
  return { low: -(2 ** (bits - 1)), high: 2 ** (bits - 1) - 1 };
}

/** What is counted of each layer: its state where it keeps one, and the value that it writes. */
function stateCounters(model: Model) {
  const { words } = model;
  return layersOf(programOf(model)).flatMap(({ cell, stateFraction, writes, range, index }, l) => {
    const { state, value } = cellOf(cell);
    const kept =
      state === null || stateFraction === null
        ? []
        : [
            {
              counter: new Counter({
                name: `${state} of layer ${index}`,
                ...{ fraction: stateFraction, ...rangeOf(words.cell) },
              }),
              of: (frame: GoldenFrame) => frame.layers[l]?.state ?? [],
            },
          ];
    const written = {
      counter: new Counter({
        name: `${value} of layer ${index}`,
        ...{ fraction: writes.fraction, ...range },
      }),
      of: (frame: GoldenFrame) => frame.layers[l]?.value ?? [],
    };
    return [...kept, written];
  });
}
