import { readFileSync } from 'node:fs';
import { type Emit, loadPath, type TimeOrder } from '../../accelerator/index.js';
import { packageRoot } from '../../base/package.js';
import { render } from '../../design/write/render.js';
import { type CorePorts, emittingFrames, type FrameSequence } from '../design.js';
import { type Reference, ReferenceWindow } from '../scoreboard/reference.js';

/** What the simulation of a design directory by itself is made from. */
export interface SimFilesOptions {
  /** The design's name and top module. */
  readonly name: string;
  readonly ports: Pick<CorePorts, 'streamLanes' | 'xBytes' | 'outBytes'>;
  readonly latencyCycles: number;
  /** Of which frames the outputs leave. */
  readonly emit: Emit;
  readonly order: TimeOrder;
  /** By tid; the vectors are all of stream 0. */
  readonly streams: number;
  /** Resident models; the vectors are of the first one. */
  readonly places: number;
  /** Bytes of a beat of the load port; null: the model lies in ROMs. */
  readonly loadBytes: number | null;
  /** Words of memories have check bits. */
  readonly protect: boolean;
  /** Frames for the vectors; a few are enough. */
  readonly frames: FrameSequence;
  /** Computes the expected outputs. */
  readonly reference: Reference;
}

/** Files of sim/ by path in the design directory: with these, `make -C sim` needs Verilator and nothing of this program. */
export function simFiles(options: SimFilesOptions): ReadonlyMap<string, string> {
  const { name, ports, frames, latencyCycles, emit, order } = options;
  const whole = order === 'sequence';
  const latency = Math.ceil(latencyCycles);
  const context = {
    ...{ name, ...ports, timeout: 4 * latency + 20_000, drain: 2 * latency + 100 },
    emitLast: emit === 'last',
    marks: whole || emit === 'last',
    several: options.streams > 1,
    loadBytes: options.loadBytes,
    loadFile: loadPath(name),
    protect: options.protect,
    several_places: options.places > 1,
  };
  const starts = new Set(frames.utteranceStarts);
  const window = new ReferenceWindow(options.reference, frames, whole);
  const emitting = emittingFrames(frames, emit);
  const ends = new Set(context.marks ? emittingFrames(frames, 'last') : []);
  const indices = Array.from({ length: frames.frames }, (_, n) => n);
  const inputs = indices.map((n) => {
    const codes = frames.codes.subarray(n * frames.inputs, (n + 1) * frames.inputs);
    return `${(starts.has(n) ? 1 : 0) + (ends.has(n) ? 2 : 0)} ${codes.join(' ')}\n`;
  });
  const outputs = emitting.map((n) => `${window.at(n).outputs.join(' ')}\n`);
  return new Map([
    ['sim/Makefile', render('sim_Makefile.hbs', context)],
    ['sim/main.cpp', render('sim_main.cpp.hbs', context)],
    ['sim/bits.h', readFileSync(`${packageRoot}tb/bits.h`, 'utf8')],
    ['sim/vectors/frames.txt', inputs.join('')],
    ['sim/vectors/outputs.txt', outputs.join('')],
  ]);
}
