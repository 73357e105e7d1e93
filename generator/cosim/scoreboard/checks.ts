import { heldBy, registersOf } from '../build/held-by.js';
import type { CosimResult, FrameCycles } from '../cosimulate.js';
import type { CosimDesign } from '../design.js';
import { describeMismatch } from './mismatch.js';

/** One thing that a co-simulation found right or wrong. */
export interface Check {
  /** E.g. `layer 1 h`. */
  readonly name: string;
  /** What was checked, for a person. */
  readonly detail: string;
  /** Null when it holds. */
  readonly failure: string | null;
  /** Of a failure: the registers that hold the values, with the source lines that set them. */
  readonly registers?: readonly string[];
}

/** Every check of a co-simulation; it passed when none has a failure. */
export function checksOf(design: CosimDesign, result: CosimResult): readonly Check[] {
  const { predicted } = design;
  const comparisons = result.comparisons.map((comparison) => ({
    name:
      comparison.layer === null
        ? comparison.tensor
        : `layer ${comparison.layer} ${comparison.tensor}`,
    detail: `${comparison.compared} values, ${comparison.mismatches} mismatches`,
    failure: comparison.first === null ? null : describeMismatch(comparison.first),
    registers: comparison.first === null ? [] : heldBy(registersOf(design, comparison)),
  }));
  const streams = {
    name: 'streams, flags and counters',
    detail: `${result.complaints.length} complaints`,
    failure: result.complaints.length === 0 ? null : result.complaints.join('\n'),
  };
  return [...comparisons, streams, ...operation(), ...(result.timed ? timing() : [])];

  function operation(): Check[] {
    if (result.protocol === null) return [];
    const { resets, wrongFrames, complaints } = result.protocol;
    return [
      {
        name: 'protocol',
        detail: `${resets} resets, ${wrongFrames} wrong frames, ${complaints.length} complaints`,
        failure: complaints.length === 0 ? null : complaints.join('\n'),
      },
    ];
  }

  function timing(): Check[] {
    const { steady } = result;
    const measured = steady?.cyclesPerFrame ?? null;
    const cycles = compare('cycles per frame', measured, predicted.cyclesPerFrame);
    const varies = steady !== null && steady.least !== steady.most;
    return [
      varies
        ? { ...cycles, failure: `between ${steady.least} and ${steady.most}, no steady state` }
        : cycles,
      compare('latency', result.latencyCycles, predicted.latencyCycles),
      ...(result.frameCycles === null ? [] : [frameByFrame(result.frameCycles)]),
      ...(predicted.silentCycles === null
        ? []
        : [compare('end without outputs', result.silentCycles, predicted.silentCycles)]),
    ];
  }
}

/** The end of every frame with outputs, from the first input on. */
function frameByFrame({ measured, predicted }: FrameCycles): Check {
  const frames = Math.max(measured.length, predicted.length);
  const wrong = Array.from({ length: frames }, (_, n) => n).filter(
    (n) => measured[n] !== predicted[n],
  );
  const [first] = wrong;
  return {
    name: 'cycles of every frame',
    detail: `${frames} frames, ${wrong.length} not as predicted`,
    failure:
      first === undefined
        ? null
        : `output frame ${first}: ended ${measured[first] ?? 'never'} cycles after the first input frame, ${predicted[first] ?? 'none'} predicted`,
  };
}

function compare(name: string, measured: number | null, predicted: number): Check {
  const detail = `${measured ?? 'not'} measured, ${predicted} predicted`;
  return { name, detail, failure: measured === predicted ? null : detail };
}
