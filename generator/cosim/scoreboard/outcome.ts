import type { Role } from '../../network/cells/shown.js';
import { heldBy, registersOf } from '../build/held-by.js';
import type { CosimResult } from '../cosimulate.js';
import type { Stalls } from '../driver/bounds.js';
import type { Netlist } from '../netlist/netlist.js';
import type { ReadyDesign } from '../read-design.js';
import { type Check, checksOf } from './checks.js';
import { describeMismatch, type Mismatch } from './mismatch.js';

/** Facts of a run that the simulation itself does not know. */
export interface RunFacts {
  readonly seed: number;
  /** As given; null where gaps and back-pressure were given apart. */
  readonly stall: number | null;
  readonly stalls: Stalls;
  readonly frames: number;
  readonly utterances: number;
  /** Input values and internal values that saturated, by rounding point. */
  readonly saturations: Readonly<Record<string, number>>;
  /** Share of utterances decided as labelled, by hardware and golden model; null without labels. */
  readonly accuracy: number | null;
  readonly goldenAccuracy: number | null;
  readonly outputFractionBits: number;
  /** Null where the RTL was simulated. */
  readonly netlist: Netlist | null;
}

/** The fields of `cosim --json`, documented in docs/cosimulation.md. */
export function outcomeJson(design: ReadyDesign, result: CosimResult, facts: RunFacts) {
  // the words of the output are the same for every kind of cell
  const compared = {
    sums: sum(result, 'compared', 'sums'),
    c: sum(result, 'compared', 'state'),
    h: sum(result, 'compared', 'value'),
    outputs: sum(result, 'compared', null),
  };
  const cyclesPerFrame = result.steady?.cyclesPerFrame ?? null;
  return {
    design: design.name,
    netlist: facts.netlist?.target ?? null,
    netlistFile: facts.netlist?.file ?? null,
    simulator: result.simulator,
    synthesizer: facts.netlist?.synthesizer ?? null,
    seed: facts.seed,
    stall: facts.stall,
    ...facts.stalls,
    frames: facts.frames,
    utterances: facts.utterances,
    warmupFrames: result.warmupFrames,
    compared,
    comparedValues: sum(result, 'compared'),
    mismatches: sum(result, 'mismatches'),
    firstMismatch: located(design, result.firstMismatch),
    cyclesPerFrame,
    predictedCyclesPerFrame: design.predicted.cyclesPerFrame,
    frameCycles: listed(design, result.frameCycles?.measured),
    predictedFrameCycles: listed(design, result.frameCycles?.predicted),
    latencyCycles: result.latencyCycles,
    predictedLatencyCycles: design.predicted.latencyCycles,
    emit: design.emit,
    order: design.order,
    maxFrames: design.maxFrames,
    streams: design.streams,
    silentCycles: result.silentCycles,
    predictedSilentCycles: design.predicted.silentCycles,
    idealCyclesPerFrame: design.idealCyclesPerFrame,
    macUtilization: cyclesPerFrame === null ? null : design.idealCyclesPerFrame / cyclesPerFrame,
    saturations: facts.saturations,
    complaints: result.complaints,
    protocol: result.protocol && {
      resets: result.protocol.resets,
      wrongFrames: result.protocol.wrongFrames,
      complaints: result.protocol.complaints,
    },
    waveform: result.waveFile,
    buildSeconds: round(result.buildSeconds),
    simSeconds: round(result.simSeconds),
    framesPerSecond: round(facts.frames / result.simSeconds),
    simCycles: result.simCycles,
    cyclesPerSecond: Math.round(result.simCycles / Math.max(result.processorSeconds, 1e-6)),
    accuracy: facts.accuracy,
    goldenAccuracy: facts.goldenAccuracy,
    outputFractionBits: facts.outputFractionBits,
    modelHash: design.modelHash,
    designHash: design.designHash,
  };
}

/** Cycles from the end of one output frame to that of the next, where frames differ; of the first one from the first input frame. */
function listed({ order, streams }: ReadyDesign, ends: readonly number[] | undefined) {
  if ((order === 'frames' && streams === 1) || ends === undefined) return null;
  return ends.map((end, n) => end - (ends[n - 1] ?? 0));
}

/** A mismatch with the registers that hold the values of its tensor. */
function located(design: ReadyDesign, mismatch: Mismatch | null) {
  return mismatch && { ...mismatch, registers: registersOf(design, mismatch) };
}

/** The report for a person. */
export function outcomeLines(
  design: ReadyDesign,
  result: CosimResult,
  facts: RunFacts,
): readonly string[] {
  const checks = checksOf(design, result);
  const width = Math.max(...checks.map(({ name }) => name.length));
  const percent = (part: number) => `${(100 * part).toFixed(2)} %`;
  const rate = (result.simCycles / Math.max(result.processorSeconds, 1e-6) / 1e6).toFixed(2);
  const { gap, pause } = facts.stalls;
  const stalls = gap + pause === 0 ? '' : `, gaps ${gap}, back-pressure ${pause}`;
  const { netlist } = facts;
  const how =
    netlist === null
      ? result.simulator
      : `${netlist.target} netlist of ${netlist.synthesizer}, ${result.simulator}`;
  const lines = [
    `${design.name}: ${facts.frames} frames in ${facts.utterances} utterances${stalls}, ${how}`,
    ...checks.flatMap((check) => linesOf(check, width)),
  ];
  if (result.steady !== null) {
    const share = percent(design.idealCyclesPerFrame / result.steady.cyclesPerFrame);
    lines.push(`MAC utilization ${share} (ideal ${design.idealCyclesPerFrame} cycles per frame)`);
  }
  if (facts.accuracy !== null && facts.goldenAccuracy !== null) {
    lines.push(`accuracy ${percent(facts.accuracy)}, golden ${percent(facts.goldenAccuracy)}`);
  }
  lines.push(
    `build ${result.buildSeconds.toFixed(1)} s, simulation ${result.simSeconds.toFixed(1)} s, ${rate} million cycles per second`,
  );
  if (result.firstMismatch !== null) {
    const registers = heldBy(registersOf(design, result.firstMismatch));
    lines.push(
      `first mismatch: ${describeMismatch(result.firstMismatch)}`,
      ...registers.map((register) => `  ${register}`),
    );
  }
  if (result.waveFile !== null) lines.push(`waveform: ${result.waveFile}`);
  else if (result.firstMismatch !== null) lines.push('waveform of a netlist: with --waves');
  const failed = checks.filter(({ failure }) => failure !== null).length;
  lines.push(
    failed === 0
      ? `${netlist === null ? 'hardware' : 'netlist'} and golden model agree`
      : `FAILED: ${failed} checks`,
  );
  return lines;
}

/** A check in a line, and what a failure says beyond that in further ones. */
function linesOf({ name, detail, failure }: Check, width: number): readonly string[] {
  const text = failure === null || failure === detail ? detail : `${detail}: ${failure}`;
  return `  ${failure === null ? 'ok  ' : 'FAIL'} ${name.padEnd(width)}  ${text}`.split('\n');
}

/** Over all tensors, those of a role, or (null) the outputs. */
function sum(result: CosimResult, what: 'compared' | 'mismatches', role?: Role | null): number {
  return result.comparisons
    .filter((comparison) => role === undefined || comparison.role === role)
    .reduce((total, comparison) => total + comparison[what], 0);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
