import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readWav } from '../../examples/keyword-spotting/wav.js';
import { framesFile, readClips } from '../../examples/keyword-spotting/wav-to-frames.js';
import { readNpy } from '../../generator/network/formats/npy.js';

const folder = 'examples/keyword-spotting';
const read = (bytes: Uint8Array) => readNpy(bytes, 'frames.npy');

/** A WAV file around samples, with a chunk before the data that a reader has to skip. */
function wav(samples: readonly number[], rate = 16000, channels = 1): Uint8Array {
  const bytes = Buffer.alloc(12 + 24 + 12 + 8 + 2 * samples.length);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(channels, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt16LE(16, 34);
  bytes.write('LIST', 36);
  bytes.writeUInt32LE(3, 40); // odd: one byte of padding follows
  bytes.write('data', 48);
  bytes.writeUInt32LE(2 * samples.length, 52);
  samples.forEach((s, i) => {
    bytes.writeInt16LE(s, 56 + 2 * i);
  });
  return bytes;
}

describe('frames from audio', () => {
  test('the synthetic speech gives the frames that the networks were tested with', () => {
    const made = read(framesFile(readClips(`${folder}/synth_wav.npy`)));
    const wanted = read(readFileSync(`${folder}/synth_frames.npy`));
    expect(made.shape).toEqual(wanted.shape);
    const worst = wanted.data.reduce(
      (max, value, i) => Math.max(max, Math.abs(value - (made.data[i] as number))),
      0,
    );
    expect(worst).toBeLessThan(1e-4);
  });

  test('a WAV file gives the same samples as the array', () => {
    const clip = Array.from(readClips(`${folder}/synth_wav.npy`)[0] as ArrayLike<number>);
    expect(Array.from(readWav(wav(clip)))).toEqual(clip);
  });

  test('a short clip is continued with silence, a long one is cut', () => {
    const clip = Array.from({ length: 16000 }, (_, i) => Math.round(9000 * Math.sin(i / 7)));
    const half = clip.slice(0, 8000);
    expect(framesFile([half])).toEqual(framesFile([[...half, ...Array(8000).fill(0)]]));
    expect(framesFile([[...clip, 5, 6, 7]])).toEqual(framesFile([clip]));
  });

  test.each([
    ['another rate', wav([1, 2], 8000), /8000 Hz/],
    ['two channels', wav([1, 2], 16000, 2), /2 channel/],
    ['a file cut short', wav([1, 2, 3]).subarray(0, -2), /longer than the file/],
    ['something else', Buffer.from('hello, this is text'), /not a WAV/],
  ])('%s is refused', (_, bytes, message) => {
    expect(() => readWav(bytes)).toThrow(message);
  });
});
