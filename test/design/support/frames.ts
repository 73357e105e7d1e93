import {
  type Hardware,
  hardwareImages,
  loadLayout,
  loadStream,
} from '../../../generator/accelerator/index.js';
import { Random } from '../../../generator/base/random.js';
import { atOnce } from '../../../generator/base/steps.js';
import { streamPorts } from '../../../generator/design/manifest/ports.js';
import { type GoldenFrame, GoldenNetwork } from '../../../generator/golden/network.js';
import type { Model } from '../../../generator/network/model.js';
import { programOf } from '../../../generator/network/program.js';

/** An utterance: the commands that send it, and the answer to `outputs` behind it. */
export interface Utterance {
  readonly commands: readonly string[];
  readonly beats: number;
  readonly outputs: string;
}

/** Values in beats, as hexadecimal digits of their bytes, the first byte first. */
function beatsOf(values: ArrayLike<number>, lanes: number, bytes: number): readonly string[] {
  return Array.from({ length: Math.ceil(values.length / lanes) }, (_, beat) => {
    const buffer = Buffer.alloc(lanes * bytes);
    for (let lane = 0; lane < lanes && beat * lanes + lane < values.length; lane++) {
      const value = BigInt.asUintN(8 * bytes, BigInt(values[beat * lanes + lane] ?? 0));
      for (let n = 0; n < bytes; n++) {
        buffer[lane * bytes + n] = Number((value >> BigInt(8 * n)) & 255n);
      }
    }
    return buffer.toString('hex');
  });
}

/** Some frames of an utterance: the commands that send them, and the answer to `outputs` behind them. */
export interface Frames extends Utterance {
  /** Values and states behind the last of them, as the answer to `states` has them. */
  readonly states: string;
  /** The outputs if an utterance began with the first of them. */
  readonly alone: string;
}

/** An utterance of random frames, and what the golden model makes of it. */
export function utterance(
  hardware: Hardware,
  model: Model,
  frames: number,
  seed: number,
): Utterance {
  return parts(hardware, model, [frames], seed)[0] as Utterance;
}

/** An utterance of random frames in parts of so many, each of a frame at least, as one stream has it. */
export function parts(
  hardware: Hardware,
  model: Model,
  counts: readonly number[],
  seed: number,
  stream = 0,
): readonly Frames[] {
  const { streamLanes, xBytes, outBytes } = streamPorts(hardware);
  const random = new Random(seed);
  const { length } = programOf(model).input;
  const half = 2 ** (model.words.activation - 1);
  const frames = counts.reduce((sum, count) => sum + count, 0);
  const codes = Array.from({ length: frames }, () =>
    Int32Array.from({ length }, () => random.between(-half, half - 1)),
  );
  const ends = (beats: readonly string[]) => (n: number) => Number(n === beats.length - 1);
  const golden = new GoldenNetwork(model).utterance(codes);
  let first = 0;
  return counts.map((count) => {
    const own = [first, first + count] as const;
    const of = stream === 0 ? '' : ` ${stream}`;
    first += count;
    const commands = codes.slice(...own).flatMap((frame, f) => {
      const beats = beatsOf(frame, streamLanes, xBytes);
      const starts = (n: number) => Number(own[0] + f + n === 0);
      return beats.map((beat, n) => `beat ${beat} ${ends(beats)(n)} ${starts(n)}${of}`);
    });
    const beatsFrom = (some: readonly GoldenFrame[]) =>
      some.flatMap((frame) => {
        const beats = beatsOf(frame.outputs, streamLanes, outBytes);
        return beats.map((beat, n) => `${beat}0${ends(beats)(n)}`);
      });
    const outputs = beatsFrom(golden.slice(...own));
    const states = (golden[own[1] - 1] as GoldenFrame).layers.flatMap(({ value, state }) => [
      ...(value ?? []),
      ...(state ?? []),
    ]);
    return {
      ...{ commands, beats: outputs.length, outputs: outputs.join(' ') },
      states: states.join(' '),
      alone: beatsFrom(new GoldenNetwork(model).utterance(codes.slice(...own))).join(' '),
    };
  });
}

/** What `hcgs images --bin` writes of a model for a place. */
export function loadOf(hardware: Hardware, model: Model, place = 0): Buffer {
  const images = atOnce(hardwareImages(hardware, model, []));
  return Buffer.from(loadStream(loadLayout(hardware), images, place));
}
