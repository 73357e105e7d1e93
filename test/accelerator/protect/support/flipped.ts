import { styled } from '../../../../generator/accelerator/build/styled.js';
import { emitVerilog, hardwareImages } from '../../../../generator/accelerator/index.js';
import type { Configuration } from '../../../../generator/accelerator/plan/configuration.js';
import { Random } from '../../../../generator/base/random.js';
import { atOnce } from '../../../../generator/base/steps.js';
import { streamPorts } from '../../../../generator/design/manifest/ports.js';
import type { Model } from '../../../../generator/network/model.js';
import { programOf } from '../../../../generator/network/program.js';
import { portsOf } from '../../../support/block-ports.js';
import { type InputVector, type OutputVector, verilate } from '../../../support/verilated-block.js';

/** A bit of a word of an image: word, and bit from the low end, check bits above the data. */
export interface Flip {
  readonly word: number;
  readonly bit: number;
}

/** What a design did with images as they were given to it. */
export interface Played {
  /** Output beats in their order. */
  readonly beats: readonly bigint[];
  readonly error: boolean;
  readonly count: number;
}

/** A design with its model in ROMs, built once, that plays frames on images of which bits are flipped. */
export interface Flippable {
  readonly images: ReadonlyMap<string, string>;
  readonly frames: number;
  play(flips: Readonly<Record<string, readonly Flip[]>>): Promise<Played>;
}

/** Builds the design; `frames` random frames with time enough for each. */
export async function flippable(
  c: Configuration,
  model: Model,
  { frames, latencyCycles, seed }: Readonly<Record<'frames' | 'latencyCycles' | 'seed', number>>,
): Promise<Flippable> {
  const images = atOnce(hardwareImages(c, model, []));
  const sources = [...emitVerilog(c)].flatMap(([path, text]) =>
    path.endsWith('.v') ? [{ name: path.replace(/^.*\//, ''), text }] : [],
  );
  const block = await verilate({ top: c.name, sources, ports: portsOf(styled(c)) });
  const vectors = framesOf(c, model, { frames, latencyCycles, seed });
  return {
    images,
    frames,
    play: async (flips) => {
      const files = Object.fromEntries(
        [...images].map(([path, text]) => [path, withFlips(text, flips[path] ?? [])]),
      );
      const seen = await block.run(vectors, { files, seed });
      const last = seen.at(-1) as OutputVector;
      return {
        beats: seen.flatMap((out) =>
          out.m_axis_tvalid === 1n ? [out.m_axis_tdata as bigint] : [],
        ),
        error: last.memory_error === 1n,
        count: Number(last.memory_error_count),
      };
    },
  };
}

/** An image with bits flipped. */
export function withFlips(image: string, flips: readonly Flip[]): string {
  const lines = image.trimEnd().split('\n');
  for (const { word, bit } of flips) {
    const line = lines[word] as string;
    const flipped = BigInt(`0x${line}`) ^ (1n << BigInt(bit));
    lines[word] = flipped.toString(16).padStart(line.length, '0');
  }
  return `${lines.join('\n')}\n`;
}

function framesOf(
  c: Configuration,
  model: Model,
  { frames, latencyCycles, seed }: Readonly<Record<'frames' | 'latencyCycles' | 'seed', number>>,
): readonly InputVector[] {
  const random = new Random(seed);
  const { streamLanes, xBytes } = streamPorts(c);
  const beats = Math.ceil(programOf(model).input.length / streamLanes);
  const values = (): bigint =>
    Array.from({ length: streamLanes }, () => BigInt(random.below(2 ** model.words.activation)))
      .map((code) => BigInt.asIntN(model.words.activation, code))
      .reduce(
        (word, value) => (word << BigInt(8 * xBytes)) | BigInt.asUintN(8 * xBytes, value),
        0n,
      );
  const idle = { rst: 0, s_axis_tvalid: 0, m_axis_tready: 1 };
  return [
    { ...idle, rst: 1 },
    ...Array.from({ length: frames }, (_, frame) => [
      ...Array.from({ length: beats }, (_, beat) => ({
        ...{ ...idle, s_axis_tvalid: 1, s_axis_tdata: values() },
        ...{ s_axis_tlast: Number(beat + 1 === beats), s_axis_tuser: Number(frame === 0) },
      })),
      ...Array.from({ length: 2 * latencyCycles }, () => idle),
    ]).flat(),
  ];
}
