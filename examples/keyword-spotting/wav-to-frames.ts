/**
 * Audio to network input:
 *
 *   npx tsx examples/keyword-spotting/wav-to-frames.ts ONE.wav [TWO.wav ...] OUT.npy
 *
 * Each WAV (16 kHz, mono, 16-bit PCM) is one clip; what is beyond one second is cut off, what is missing is
 * silence. An int16 `.npy` of shape [clips, samples] may stand in the place of a WAV. OUT.npy is float32
 * [clips, 25, 64], ready for `hcgs run --frames` and `hcgs cosim --frames`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readNpy, writeNpy } from '../../generator/network/formats/npy.js';
import { clipSamples, clipToFrames, type Frontend } from './frontend.js';
import { readWav } from './wav.js';

const frontend: Frontend = JSON.parse(
  readFileSync(new URL('frontend.json', import.meta.url), 'utf8'),
);

/** Clips of a file as 16-bit samples, of any length. */
export function readClips(file: string): readonly ArrayLike<number>[] {
  const bytes = readFileSync(file);
  if (!file.endsWith('.npy')) return [readWav(bytes)];
  const { type, shape, data } = readNpy(bytes, file);
  const [clips, samples] = shape;
  if (type !== 'int16' || clips === undefined || samples === undefined) {
    throw new Error(`needs int16 [clips, samples], has ${type} [${shape.join(', ')}]`);
  }
  return Array.from({ length: clips }, (_, i) => data.subarray(i * samples, (i + 1) * samples));
}

/** Frames of clips given as 16-bit samples: the bytes of a `.npy`, float32 [clips, steps, inputs]. */
export function framesFile(clips: readonly ArrayLike<number>[]): Uint8Array {
  const { steps, inputs } = frontend;
  const data = new Float32Array(clips.length * steps * inputs);
  clips.forEach((clip, index) => {
    const samples = Float64Array.from(
      { length: clipSamples(frontend) },
      (_, i) => (clip[i] ?? 0) / 32768,
    );
    data.set(clipToFrames(samples, frontend), index * steps * inputs);
  });
  return writeNpy({ type: 'float32', shape: [clips.length, steps, inputs], data });
}

function main(files: readonly string[]): void {
  const output = files.at(-1);
  if (files.length < 2 || output === undefined || !output.endsWith('.npy')) {
    console.error('usage: wav-to-frames.ts ONE.wav [TWO.wav ...] OUT.npy');
    process.exit(2);
  }
  const clips = files.slice(0, -1).flatMap(clipsOrExit);
  writeFileSync(output, framesFile(clips));
  console.log(`${output}: float32 [${clips.length}, ${frontend.steps}, ${frontend.inputs}]`);
}

function clipsOrExit(file: string): readonly ArrayLike<number>[] {
  try {
    return readClips(file);
  } catch (error) {
    console.error(`${file}: ${(error as Error).message}`);
    return process.exit(2);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
