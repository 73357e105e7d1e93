import { heldBy } from '../build/held-by.js';
import type { CosimResult } from '../cosimulate.js';
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
    registers: comparison.first === null ? [] : heldBy(design.registers, comparison.tensor),
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
      ...(predicted.silentCycles === null
        ? []
        : [compare('end without outputs', result.silentCycles, predicted.silentCycles)]),
    ];
  }
}

function compare(name: string, measured: number | null, predicted: number): Check {
  const detail = `${measured ?? 'not'} measured, ${predicted} predicted`;
  return { name, detail, failure: measured === predicted ? null : detail };
}
