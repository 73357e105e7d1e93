import type { HardwareEstimate } from '../../accelerator/index.js';

/** The figures of a design in time, at a clock; all null without one. */
export interface Timed {
  readonly clockMHz: number | null;
  readonly secondsPerFrame: number | null;
  readonly latencySeconds: number | null;
  readonly framesPerSecond: number | null;
  /** Null where the model is in ROMs, too. */
  readonly loadSeconds: number | null;
}

/** Figures in time; `clockMHz`: undefined where none is given. */
export function timed(
  { cyclesPerFrame, latencyCycles, load }: HardwareEstimate,
  clockMHz: number | undefined,
): Timed {
  const seconds = (cycles: number | undefined): number | null =>
    clockMHz === undefined || cycles === undefined ? null : cycles / (clockMHz * 1e6);
  return {
    clockMHz: clockMHz ?? null,
    secondsPerFrame: seconds(cyclesPerFrame),
    latencySeconds: seconds(latencyCycles),
    framesPerSecond: clockMHz === undefined ? null : (clockMHz * 1e6) / cyclesPerFrame,
    loadSeconds: seconds(load?.cycles),
  };
}

/** The same for a person. */
export function timedLines(time: Timed): readonly string[] {
  const { clockMHz, secondsPerFrame, latencySeconds, framesPerSecond, loadSeconds } = time;
  if (secondsPerFrame === null || latencySeconds === null || framesPerSecond === null) return [];
  const load = loadSeconds === null ? '' : `, a load ${inUnit(loadSeconds)}`;
  return [
    `at ${clockMHz} MHz: ${inUnit(secondsPerFrame)} a frame, ${Math.floor(framesPerSecond)} frames a second, latency ${inUnit(latencySeconds)}${load}`,
  ];
}

function inUnit(seconds: number): string {
  if (seconds >= 1) return `${seconds.toPrecision(4)} s`;
  return seconds >= 1e-3
    ? `${(seconds * 1e3).toPrecision(4)} ms`
    : `${(seconds * 1e6).toPrecision(4)} µs`;
}
