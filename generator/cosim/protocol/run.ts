import type { CosimDesign } from '../design.js';
import { streamShape } from '../driver/bounds.js';
import { drive } from '../driver/drive.js';
import type { CycleWindow } from '../driver/session.js';
import type { Reference } from '../scoreboard/reference.js';
import type { Life } from './life.js';
import { ProtocolMonitor } from './monitor.js';
import { framePattern } from './pattern.js';
import { planLives } from './plan.js';
import { protocolSession } from './session.js';
import { randomTape, type Tape } from './tape.js';

/** What the protocol pass found. */
export interface ProtocolResult {
  /** Resets in operation and between lives, and wrong frames, that the hardware has seen. */
  readonly resets: number;
  readonly wrongFrames: number;
  readonly complaints: readonly string[];
  readonly complaintCycle: number | null;
  readonly simCycles: number;
  readonly processorSeconds: number;
}

export interface ProtocolOptions {
  readonly design: CosimDesign;
  readonly seed: number;
  /** A model of its own: it is left in any state. */
  readonly reference: Reference;
  /** Bits of an input code. */
  readonly inputBits: number;
}

/** A pass that was planned: the same options give the same one. */
export interface ProtocolPass {
  readonly options: ProtocolOptions;
  readonly tapes: readonly Tape[];
  readonly lives: readonly Life[];
}

/** Plans a pass. Its lives can be driven once. */
export function planProtocol(options: ProtocolOptions): ProtocolPass {
  const { design, seed, reference, inputBits: bits } = options;
  const pattern = framePattern(design, seed);
  const { inputs } = design;
  const tapes = [1, 2].map((n) =>
    randomTape({ frames: pattern.length, inputs, bits, seed: 2 * seed + n, reference, pattern }),
  );
  return { options, tapes, lives: planLives(design, bits, seed, pattern) };
}

/** Drives a pass in a process of its own: registers start with other values than in the passes before. */
export async function driveProtocol(
  { options, tapes, lives }: ProtocolPass,
  program: string,
  onLife: (done: number, of: number) => void,
): Promise<ProtocolResult> {
  const { design, seed } = options;
  const monitor = new ProtocolMonitor(design, lives, tapes, streamShape(design).inputBeats);
  await drive({
    program,
    directory: design.directory,
    load: design.load,
    seed: seed + 1,
    operations: protocolSession(design, lives, tapes, seed),
    observe: (observation) => {
      if (observation.kind === 'reset') onLife(monitor.resets, lives.length);
      return monitor.observe(observation);
    },
  });
  monitor.finish();
  return {
    resets: monitor.resets,
    wrongFrames: monitor.wrongFrames,
    complaints: monitor.complaints,
    complaintCycle: monitor.complaintCycle,
    simCycles: monitor.last?.cycle ?? 0,
    processorSeconds: monitor.last?.processorSeconds ?? 0,
  };
}

/** Drives a pass for what the simulation writes itself: the waveform of some cycles, or its coverage. */
export async function driveProtocolFile(
  { options, lives, tapes }: ProtocolPass,
  program: string,
  ownFile: string,
  window?: CycleWindow,
): Promise<void> {
  const { design, seed } = options;
  await drive({
    program,
    directory: design.directory,
    load: design.load,
    seed: seed + 1,
    operations: protocolSession(design, lives, tapes, seed, window),
    observe: () => 'go',
    ownFile,
  });
}
