import { GoldenNetwork } from '../golden/network.js';
import { inputFormat } from '../network/frames.js';
import type { Model } from '../network/model.js';
import type { CorePorts } from './design.js';
import { randomFrames } from './random-frames.js';

/** Frames and seed of the vectors that every design carries. */
const FRAMES = 6;
const SEED = 1;

/**
 * Recorded frames for the simulation inside a design directory: random input, and what the golden model makes
 * of it, one beat per line in hex (templates/design/main.cpp.hbs reads them).
 */
export function vectorFiles(
  { streamLanes, xBytes, outBytes }: Pick<CorePorts, 'streamLanes' | 'xBytes' | 'outBytes'>,
  model: Model,
): ReadonlyMap<string, string> {
  const { inputs, bits } = inputFormat(model);
  const { codes, utteranceStarts } = randomFrames({ frames: FRAMES, inputs, bits, seed: SEED });
  const golden = new GoldenNetwork(model);
  const frames: string[] = [];
  const outputs: string[] = [];
  for (let frame = 0; frame < FRAMES; frame++) {
    const starts = utteranceStarts.includes(frame);
    if (starts) golden.reset();
    const values = codes.subarray(frame * inputs, (frame + 1) * inputs);
    frames.push(...beatLines(values, streamLanes, xBytes, starts ? '1' : '0'));
    outputs.push(...beatLines(golden.step(values).outputs, streamLanes, outBytes, ''));
  }
  return new Map([
    ['sim/frames.hex', `${frames.join('\n')}\n`],
    ['sim/outputs.hex', `${outputs.join('\n')}\n`],
  ]);
}

/**
 * One line per beat: flags, then tdata in hex with lane 0 in the last digits, every value sign-extended to
 * `bytes` bytes. `user` is the tuser flag of the first beat, empty where the stream has none.
 */
function beatLines(
  values: ArrayLike<number>,
  lanes: number,
  bytes: number,
  user: string,
): string[] {
  const beats = Math.ceil(values.length / lanes);
  return Array.from({ length: beats }, (_, beat) => {
    const data = Array.from({ length: lanes }, (_, lane) => {
      const code = BigInt.asUintN(8 * bytes, BigInt(values[beat * lanes + lane] ?? 0));
      return code.toString(16).padStart(2 * bytes, '0');
    });
    const flags = `${beat === 0 ? user : user && '0'}${beat === beats - 1 ? 1 : 0}`;
    return `${flags} ${data.reverse().join('')}`;
  });
}
