import { Random } from '../../generator/base/random.js';
import type { Imported } from '../../generator/network/import/imported.js';
import { difference } from './differential.js';
import type { Mutation } from './mutate-bytes.js';
import { judge, NO_END, type TimeLimits } from './oracle.js';
import { isSuspicious, PeakMeter, peakLimit, peakOf } from './peak.js';
import { TARGETS, type Target, type TargetName } from './targets.js';

export interface Finding {
  readonly target: TargetName;
  readonly input: number;
  /** Which seed it was made from. */
  readonly from: string;
  readonly what: string;
  readonly bytes: Uint8Array;
}

export interface Tally {
  readonly target: TargetName;
  inputs: number;
  accepted: number;
  /** Accepted files that ONNX Runtime ran with the same results, and why others were not compared. */
  compared: number;
  readonly notCompared: Map<string, number>;
  readonly refused: Map<string, number>;
  /** The most memory that a process had which read one of the inputs, of those that were measured so. */
  peak: { readonly bytes: number; readonly file: number } | null;
  readonly findings: Finding[];
}

/** When to stop: after so many inputs, or at a time of performance.now(). */
export interface Budget {
  readonly inputs?: number;
  readonly until?: number;
  /** Start from small files only, which are the same on every machine. */
  readonly small?: boolean;
}

/** Of a reader in a process of its own: that has a limit of 30 s; here it is started, from a process that may be large. */
const APART: TimeLimits = { processor: 10_000, wall: 120_000 };

/** Files above this size are compared in ONNX Runtime once in a while only. */
const LARGE = 100_000;

/** One of so many inputs is measured in a process of its own, whatever it does to the memory of this one. */
const MEASURED = 2000;

/** Makes inputs from the seeds of a target and judges what its reader does with them. */
export async function fuzz(target: TargetName, seed: number, budget: Budget): Promise<Tally> {
  const own = TARGETS[target]() as Target<unknown>;
  // plain arrays: a slice of a Buffer shares its memory, and a change would reach the seed
  const wanted = own.seeds.filter(({ bytes }) => !budget.small || bytes.length <= LARGE);
  const seeds = wanted.map(({ name, bytes }) => ({
    name,
    bytes: Uint8Array.from(bytes) as Uint8Array,
  }));
  const random = new Random(seed);
  const files = seeds.map(({ bytes }) => bytes);
  const tally: Tally = {
    target,
    inputs: 0,
    accepted: 0,
    compared: 0,
    notCompared: new Map(),
    refused: new Map(),
    peak: null,
    findings: [],
  };
  const { inputs = Number.POSITIVE_INFINITY, until = Number.POSITIVE_INFINITY } = budget;
  const meter = new PeakMeter();
  while (tally.inputs < inputs && performance.now() < until) {
    // small files first: more of them go through
    const large = random.below(8) === 0;
    const some = seeds.filter(({ bytes }) => bytes.length > LARGE === large);
    const [from] = [some.length > 0 ? some : seeds].map((all) => all[random.below(all.length)]);
    if (from === undefined) break;
    let bytes = from.bytes;
    for (let n = random.below(3) === 0 ? 2 : 1; n > 0; n--) {
      const mutation = own.mutations[random.below(own.mutations.length)];
      if (mutation) bytes = mutated(mutation, bytes, random, files);
    }
    const input = tally.inputs++;
    const first = meter.measure(() => judge(own.read, own.check, bytes));
    const { grown } = first;
    const endless = first.result.kind === 'finding' && first.result.what === NO_END;
    const verdict =
      endless && own.readApart ? judge(own.readApart, own.check, bytes, APART) : first.result;
    const find = (what: string) =>
      tally.findings.push({ target, input, from: from.name, what, bytes });
    if (input % MEASURED === 0 || isSuspicious(grown, bytes.length)) {
      const peak = peakOf(target, bytes);
      if (peak > (tally.peak?.bytes ?? 0)) tally.peak = { bytes: peak, file: bytes.length };
      const limit = peakLimit(bytes.length);
      if (peak > limit)
        find(`${Math.round(peak / 1e6)} MB in memory, ${Math.round(limit / 1e6)} allowed`);
    }
    if (verdict.kind === 'finding') find(verdict.what);
    else if (verdict.kind === 'refused') count(tally.refused, verdict.code);
    else {
      tally.accepted++;
      if (target !== 'onnx' || (bytes.length > LARGE && random.below(4) > 0)) continue;
      const result = await difference(verdict.result as Imported, bytes);
      if (result === null) tally.compared++;
      else if (typeof result === 'string') find(`accepted, but ${result}`);
      else count(tally.notCompared, result.skipped);
    }
  }
  await meter.end();
  return tally;
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** A mutation may not be able to read what another one has left: then the file stays as it is. */
function mutated(
  mutation: Mutation,
  bytes: Uint8Array,
  random: Random,
  files: readonly Uint8Array[],
): Uint8Array {
  try {
    return mutation(bytes, random, files);
  } catch {
    return bytes;
  }
}
