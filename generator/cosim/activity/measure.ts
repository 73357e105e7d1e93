import { chipMemories, type Hardware, macrosOf } from '../../accelerator/index.js';
import { UserError } from '../../base/errors.js';
import type { Progress } from '../../base/progress.js';
import type { MacroActivity } from '../../design/manifest/activity.js';
import { harnessSource } from '../build/harness.js';
import { verilate } from '../build/verilate.js';
import type { CosimDesign, FrameSequence } from '../design.js';
import { drive } from '../driver/drive.js';
import type { Observation, PortAccesses } from '../monitor/observations.js';
import { faultText } from '../report/fault-text.js';
import { countedInstance, withCounters } from './counters.js';
import { countedFrames, countedRuns } from './session.js';

/** What the macros of a design do in a frame. */
export interface MeasuredActivity {
  /** Frames that the means are over. */
  readonly frames: number;
  readonly cyclesPerFrame: number;
  readonly macros: readonly MacroActivity[];
}

/** Counters that are told four times: before and after the frames of each of two runs. */
const TOLD = 4;

/**
 * Simulates a design on macros with a counter on each of their ports, and gives reads, writes and cycles of a frame in the steady
 * state.
 * @throws UserError NO_MACROS for a design without; ACTIVITY where its frames do not come, as `cosim` would say
 */
export async function measureActivity(
  design: CosimDesign,
  hardware: Hardware,
  frames: FrameSequence,
  { seed, progress }: { readonly seed: number; readonly progress: Progress },
): Promise<MeasuredActivity> {
  const list = macrosOf(hardware);
  if (list === undefined) throw withoutMacros(design);
  progress.step(`building the simulation of ${design.name} with counters`);
  const verilog = withCounters(design.verilog, list);
  const built = await verilate(harnessSource({ ...design, verilog }));
  progress.step('counting accesses of macros');
  const ports: PortAccesses[] = [];
  const busy: number[] = [];
  await drive({
    program: built.program,
    ...{ directory: design.directory, load: design.load, seed },
    operations: countedRuns(design, frames, seed),
    observe: (seen: Observation) => {
      if (seen.kind === 'fault') throw failed(design, faultText(seen));
      if (seen.kind === 'accesses') ports.push(seen);
      if (seen.kind === 'status') busy.push(seen.busyCycles);
      return 'go';
    },
  });
  if (ports.length === 0) throw withoutMacros(design);
  const { few, many } = countedFrames(design);
  const [first = 0, second = 0] = busy;
  const perFrame = (total: number): number => total / (many - few);
  return {
    frames: many - few,
    cyclesPerFrame: perFrame(second - first),
    macros: byMacro(ports, placedMacros(hardware), perFrame),
  };
}

/** The difference of the two runs, by instance; `told`: every port in the same order, four times. */
function byMacro(
  told: readonly PortAccesses[],
  macros: ReadonlyMap<string, string>,
  perFrame: (total: number) => number,
): readonly MacroActivity[] {
  const each = told.length / TOLD;
  const at = (time: number, n: number) => told[time * each + n] as PortAccesses;
  const more = (n: number, of: 'reads' | 'writes'): number =>
    perFrame(at(3, n)[of] - at(2, n)[of] - (at(1, n)[of] - at(0, n)[of]));
  const found = new Map<string, MacroActivity['ports'][number][]>();
  for (let n = 0; n < each; n++) {
    const { path, port } = at(0, n);
    const instance = countedInstance(path);
    if (instance === null) throw new Error(`a counter outside of the design: ${path}`);
    const ports = found.get(instance) ?? [];
    ports[port] = { reads: more(n, 'reads'), writes: more(n, 'writes') };
    found.set(instance, ports);
  }
  return [...found].map(([instance, ports]) => {
    const macro = macros.get(instance);
    if (macro === undefined) throw new Error(`no macro is known at ${instance}`);
    return { instance, macro, ports };
  });
}

/** The macros of a design by their paths. */
function placedMacros(hardware: Hardware): ReadonlyMap<string, string> {
  return new Map(
    chipMemories(hardware)
      .macros.filter(({ listed }) => listed)
      .flatMap(({ name, instances }) => instances.map((instance) => [instance, name] as const)),
  );
}

function withoutMacros({ name, directory }: CosimDesign): UserError {
  return new UserError({
    code: 'NO_MACROS',
    message: `${name} has no memory on macros, whose accesses could be counted: generate it with --macros`,
    file: directory,
    field: '--activity',
    expected: 'a design with macros',
    got: 'none',
  });
}

function failed({ name, directory }: CosimDesign, fault: string): UserError {
  return new UserError({
    code: 'ACTIVITY',
    message: `the frames of ${name} did not come: ${fault}; cosim without --activity says where`,
    file: directory,
    field: '--activity',
    expected: 'frames back to back',
    got: fault,
  });
}
