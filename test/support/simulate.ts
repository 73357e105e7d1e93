import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import {
  emitVerilog,
  enginesOf,
  estimateHardware,
  type Hardware,
  hardwareImages,
  isOfChain,
  predictHardware,
} from '../../generator/accelerator/index.js';
import { silentProgress } from '../../generator/base/progress.js';
import { atOnce } from '../../generator/base/steps.js';
import { backToBack, heldBy } from '../../generator/cosim/back-to-back.js';
import { type CosimResult, cosimulate } from '../../generator/cosim/cosimulate.js';
import type { CosimDesign, FrameSequence } from '../../generator/cosim/design.js';
import { chainBuffers } from '../../generator/cosim/driver/buffers.js';
import { randomFrames } from '../../generator/cosim/driver/random-frames.js';
import { modelLoad } from '../../generator/cosim/model-load.js';
import { hardwareTrace } from '../../generator/design/manifest/chain-trace.js';
import { streamPorts } from '../../generator/design/manifest/ports.js';
import { GoldenNetwork } from '../../generator/golden/network.js';
import type { Model } from '../../generator/network/model.js';
import { programOf } from '../../generator/network/program.js';

export interface SimulationOptions {
  readonly frames?: number;
  readonly seed?: number;
  readonly stall?: number;
  /** Where a chain has the model cut. */
  readonly cuts?: readonly number[];
  /** The protocol pass too. */
  readonly protocol?: boolean;
  readonly sequence?: FrameSequence;
  /** Changes an image before it is read. */
  readonly flip?: (path: string, image: string) => string;
  /** Changes the Verilog before it is built: for tests that must fail. */
  readonly mutate?: (file: string, text: string) => string;
}

/** What a configuration and a model are to co-simulation, in `directory`. */
export function designOf(
  c: Hardware,
  model: Model,
  directory: string,
  cuts: readonly number[] = [],
): CosimDesign {
  const verilog = [...emitVerilog(c)].filter(([path]) => path.endsWith('.v'));
  const engines = enginesOf(c);
  const predicted = predictHardware(c, model, cuts);
  const figures = estimateHardware(c, model, cuts, predicted);
  return {
    name: c.name,
    directory,
    core: `${c.name}_core`,
    verilog: new Map(verilog.map(([path, text]) => [path.replace(/^.*\//, ''), text])),
    ports: streamPorts(c),
    inputs: programOf(model).input.length,
    trace: hardwareTrace(engines, model, cuts),
    outputs: programOf(model).output.length,
    buffers: chainBuffers((isOfChain(figures) ? figures.engines : [figures]).map((e) => e.layers)),
    ...modelLoad(c, atOnce(hardwareImages(c, model, cuts))),
    engines: engines.length,
    macs: figures.macs,
    emit: figures.emit,
    order: figures.order,
    maxFrames: figures.maxFrames,
    streams: figures.streams,
    predicted: {
      ...predicted,
      backToBack: backToBack(c, model, cuts),
      ...heldBy(c, model),
    },
  };
}

/** Puts a model on a configuration in a scratch directory and co-simulates it with the golden model. */
export async function simulate(
  c: Hardware,
  model: Model,
  options: SimulationOptions = {},
): Promise<CosimResult & { readonly design: CosimDesign }> {
  const { cuts = [], flip = (_path, image) => image } = options;
  const directory = mkdtempSync(join(tmpdir(), 'hcgs-test-'));
  try {
    for (const [path, text] of atOnce(hardwareImages(c, model, cuts))) {
      const file = join(directory, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, flip(path, text));
    }
    const plain = designOf(c, model, directory, cuts);
    const { mutate } = options;
    const design = mutate
      ? { ...plain, verilog: new Map([...plain.verilog].map(([f, t]) => [f, mutate(f, t)])) }
      : plain;
    const seed = options.seed ?? 1;
    const result = await cosimulate({
      design,
      frames:
        options.sequence ??
        randomFrames({
          frames: options.frames ?? 10,
          inputs: design.inputs,
          bits: model.words.activation,
          seed,
        }),
      reference: new GoldenNetwork(model),
      stalls: { gap: options.stall ?? 0, pause: options.stall ?? 0 },
      protocol: options.protocol
        ? { reference: new GoldenNetwork(model), inputBits: model.words.activation }
        : null,
      seed,
      waveFile: join(directory, 'wave.fst'),
      waves: 'never',
      progress: silentProgress,
    });
    return { ...result, design };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A simulation that found no difference, the protocol pass too where there was one, and took the cycles predicted. */
export function expectExact(result: Awaited<ReturnType<typeof simulate>>, protocol = true): void {
  expect(result.firstMismatch).toBeNull();
  expect(result.complaints).toEqual([]);
  if (protocol) expect(result.protocol?.complaints).toEqual([]);
  const { predicted } = result.design;
  expect(result.steady?.cyclesPerFrame).toBe(predicted.cyclesPerFrame);
  expect(result.latencyCycles).toBe(predicted.latencyCycles);
  expect(result.silentCycles).toBe(predicted.silentCycles);
}
