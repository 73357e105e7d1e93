import { Random } from '../../base/random.js';
import type { RealFrames } from '../float/run.js';
import { equalLengths } from '../utterances.js';

/** Utterances, frames in each, and seed of the noise: the same on every run. */
export const NOISE = { utterances: 8, frames: 32, seed: 1 } as const;

/**
 * Frames of independent normal values with mean 0 and the given standard deviation, for a calibration without
 * recorded frames (Box and Muller 1958).
 */
export function noiseFrames(inputs: number, deviation: number): RealFrames {
  const { utterances, frames, seed } = NOISE;
  const random = new Random(seed);
  const length = utterances * frames * inputs;
  const values = Float64Array.from({ length }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random.unit()));
    return deviation * radius * Math.cos(2 * Math.PI * random.unit());
  });
  return { lengths: equalLengths(utterances, frames), inputs, values };
}
