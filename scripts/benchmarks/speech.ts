import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packageRoot } from '../../generator/base/package.js';
import type { Workbench } from './hcgs.js';
import { type Row, skipped } from './row.js';

/** Real speech is not part of this repository; measured where the folder lies beside the checkout. */
const DATA = resolve(packageRoot, '../shared/data/kws');
const EXAMPLE = join(packageRoot, 'examples/keyword-spotting');
const MACS = 64;
const TOLERANCE = 2;

/** Compresses a trained network; formats are chosen on the synthetic speech, not on what is tested. */
export async function compressed(bench: Workbench, source: string, name: string): Promise<string> {
  const model = bench.path(`${name}.safetensors`);
  const frames = join(EXAMPLE, 'synth_frames.npy');
  await bench.hcgs(['compress', source, '--calibrate', frames, '-o', model]);
  return model;
}

export const exampleNetwork = join(EXAMPLE, 'V16_q6.safetensors');

/**
 * Correct answers of hardware and golden model on validation speech.
 * @param expected correct answers of a quantised evaluation in float64 that is independent of this program
 */
export async function accuracy(bench: Workbench, name: string, expected: number): Promise<Row> {
  const what = `correct of 204 clips, keyword network ${name}`;
  const target = `cosim = run, ${expected} +- ${TOLERANCE}`;
  const source = join(DATA, `${name}_q6.safetensors`);
  const [frames, labels] = [join(DATA, 'val_frames.npy'), join(DATA, 'val_labels.npy')];
  if (![source, frames, labels].every((file) => existsSync(file))) {
    return skipped(what, target, 'the validation speech is not beside this checkout');
  }
  const model = await compressed(bench, source, name);
  const directory = bench.path(name);
  await bench.generate(model, MACS, directory);
  const data = ['--frames', frames, '--labels', labels];
  const run = await bench.hcgs<{ correct: number; accuracy: number }>(['run', model, ...data]);
  const cosim = await bench.cosim(directory, data);
  const correct = Math.round(((cosim.accuracy as number) * run.correct) / run.accuracy);
  return {
    what,
    measured: `cosim ${correct}, run ${run.correct}`,
    target,
    ok: cosim.accuracy === run.accuracy && Math.abs(correct - expected) <= TOLERANCE,
    values: { cosim: correct, run: run.correct, expected, tolerance: TOLERANCE },
  };
}
