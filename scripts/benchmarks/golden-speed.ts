import { readFileSync } from 'node:fs';
import { Random } from '../../generator/base/random.js';
import { GoldenNetwork } from '../../generator/golden/network.js';
import { parseModel } from '../../generator/network/compressed-model.js';
import { denseLstm } from './onnx-lstm.js';
import { denseNetwork } from './onnxruntime.js';
import { type Row, skipped } from './row.js';

const FRAMES = 100;
/** The best of so many rounds on each side, in turn: a shared machine is slow for seconds at a time. */
const ROUNDS = 20;
const SEED = 1;

/**
 * Milliseconds per frame of the golden model on one thread, against onnxruntime on one thread with the dense float
 * network of the same shape. What counts is a stream: frame by frame. One run over all frames, which reads
 * each input weight once for all of them, is shown beside it.
 */
export async function goldenSpeed(modelFile: string): Promise<Row> {
  const what = 'golden model, 3 x 512, ms per frame';
  const target = 'less than onnxruntime frame by frame';
  const model = parseModel(readFileSync(modelFile), modelFile);
  const [layers, size] = [model.passes.length, model.input.length];
  const random = new Random(SEED);
  const dense = await denseNetwork(denseLstm(layers, size, random), layers, size);
  if (dense === null) return skipped(what, target, 'onnxruntime-node could not be installed');
  const half = 2 ** (model.words.activation - 1);
  const codes = Array.from({ length: FRAMES }, () =>
    Int32Array.from({ length: size }, () => random.between(-half, half - 1)),
  );
  const real = codes.map((frame) => Float32Array.from(frame, (code) => code / half));
  const golden = new GoldenNetwork(model);
  const sides = {
    golden: () => {
      golden.reset();
      for (const frame of codes) golden.step(frame);
    },
    frameByFrame: () => dense.frameByFrame(real),
    sequence: () => dense.sequence(real),
  };
  const best = { golden: Infinity, frameByFrame: Infinity, sequence: Infinity };
  for (let round = 0; round <= ROUNDS; round++) {
    for (const side of ['golden', 'frameByFrame', 'sequence'] as const) {
      const started = performance.now();
      await sides[side]();
      const ms = (performance.now() - started) / FRAMES;
      if (round > 0) best[side] = Math.min(best[side], ms); // the first round warms up
    }
  }
  const ratio = best.frameByFrame / best.golden;
  const sequenceRatio = best.sequence / best.golden;
  return {
    what,
    measured: `${best.golden.toFixed(3)}; onnxruntime, dense: ${best.frameByFrame.toFixed(3)} frame by frame, ratio ${ratio.toFixed(2)}; ${best.sequence.toFixed(3)} in one run, ratio ${sequenceRatio.toFixed(2)}`,
    target,
    ok: ratio > 1,
    values: {
      goldenMs: best.golden,
      onnxruntimeMs: best.frameByFrame,
      onnxruntimeSequenceMs: best.sequence,
      ratio,
      sequenceRatio,
      target: 1,
    },
  };
}
