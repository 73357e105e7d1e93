import { describe, expect, test } from 'vitest';
import { layerTable } from '../../../generator/accelerator/control/layer-table.js';
import { macArray, macLatency } from '../../../generator/accelerator/datapath/mac-array.js';
import { hcgsDecoder } from '../../../generator/accelerator/decoder/hcgs/decoder.js';
import { hcgsTable } from '../../../generator/accelerator/decoder/hcgs/table.js';
import { hcgsWalk, patternOf } from '../../../generator/accelerator/decoder/hcgs/walk.js';
import { readAddressBits } from '../../../generator/accelerator/decoder/registry.js';
import { buildImages, planDesign } from '../../../generator/accelerator/index.js';
import { rom } from '../../../generator/accelerator/memory/leaf.js';
import { decoderLatency } from '../../../generator/accelerator/pipeline/tracks.js';
import {
  addressStreams,
  type Configuration,
} from '../../../generator/accelerator/plan/configuration.js';
import { walkModel } from '../../../generator/accelerator/schedule/walk.js';
import { Random } from '../../../generator/base/random.js';
import type { Model } from '../../../generator/network/model.js';
import { keptBlocksOfRow } from '../../../generator/sparsity/hcgs/pattern.js';
import { blockConfiguration, blockUnderTest, edit } from '../../support/block.js';
import { randomShape } from '../../support/random-shapes.js';
import { signed } from '../../support/verilated-block.js';

const DECODER_LATENCY = decoderLatency({});

const SEED = 3;

describe('MAC array', () => {
  const ACC = 30;
  const words = { weight: 6, activation: 13, cell: 16, bias: 16 };

  async function wrong(
    changes: Partial<Configuration>,
    mutate?: (text: string) => string,
  ): Promise<number> {
    const c = blockConfiguration({ words, accumulatorBits: ACC, ...changes });
    const { tileRows: R, tileColumns: C, rowGroups: P, streamShare } = c;
    const streams = addressStreams(c);
    const block = await blockUnderTest(macArray(c), mutate);
    const random = new Random(SEED);
    const extreme = (bits: number): number => {
      const low = -(2 ** (bits - 1));
      return random.below(3) === 0
        ? random.below(2) === 0
          ? low
          : -low - 1
        : random.between(low, -low - 1);
    };
    const sums = new Array<number>(P * R * 4).fill(0);
    const expected: (number[] | null)[] = [];
    const vectors: Record<string, bigint | number>[] = [{ rst: 1, valid: 0 }];
    for (let n = 0; n < 300; n++) {
      const valid = n === 0 || random.below(4) > 0;
      const first = n === 0 || random.below(5) === 0;
      const w = Array.from({ length: P * 4 * R * C }, () => extreme(6));
      const a = Array.from({ length: streams * C }, () => extreme(13));
      if (valid) {
        for (let p = 0; p < P; p++) {
          for (let r = 0; r < R; r++) {
            for (let g = 0; g < 4; g++) {
              const stream = (c.perGate ? g * (P / streamShare) : 0) + Math.floor(p / streamShare);
              const at = (p * R + r) * 4 + g;
              let dot = 0;
              for (let k = 0; k < C; k++) {
                dot += (w[((p * 4 + g) * R + r) * C + k] as number) * (a[stream * C + k] as number);
              }
              sums[at] = (first ? 0 : (sums[at] as number)) + dot;
            }
          }
        }
      }
      expected.push([...sums]);
      vectors.push({
        rst: 0,
        valid: Number(valid),
        first: Number(first),
        weights: pack(w, 6),
        activations: pack(a, 13),
      });
    }
    const latency = macLatency(c);
    const flush = Array.from({ length: latency }, () => ({ valid: 0 }));
    const out = await block.run([...vectors, ...flush]);
    return expected.filter((values, n) => {
      const got = out[n + 1 + latency]?.sums as bigint;
      return values?.some(
        (v, i) => Number(signed((got >> BigInt(i * ACC)) & ((1n << BigInt(ACC)) - 1n), ACC)) !== v,
      );
    }).length;
  }

  test.each([
    [
      'shared mask, one row group',
      { tileRows: 4, tileColumns: 4, rowGroups: 1, streamShare: 1, perGate: false },
    ],
    [
      'shared mask, row groups in pairs',
      { tileRows: 2, tileColumns: 2, rowGroups: 4, streamShare: 2, perGate: false },
    ],
    [
      'a mask for each gate',
      { tileRows: 2, tileColumns: 1, rowGroups: 2, streamShare: 1, perGate: true },
    ],
  ])('%s: sums are exact', async (_, changes) => {
    expect(await wrong(changes)).toBe(0);
  });

  const small = { tileRows: 1, tileColumns: 2, rowGroups: 2, streamShare: 1, perGate: false };
  test.each([
    [
      'a new sum does not start at zero',
      edit(/first_at\[SUM_STAGE\] \? [^:]+ : accumulator/, 'accumulator'),
    ],
    ['row groups read one stream', edit(/\(slice \/ STREAM_SHARE\)/g, '0')],
    [
      'weights are unsigned',
      edit(
        /wire signed \[WEIGHT_BITS - 1:0\] weight_even =(\s+)\$signed\(([^;]*)\);/,
        'wire [WEIGHT_BITS - 1:0] weight_even =$1$2;',
      ),
    ],
  ])('the check fails when %s', async (_, mutate) => {
    expect(await wrong(small, mutate)).toBeGreaterThan(0);
  });
});

describe('HCGS decoder', () => {
  /** Addresses that differ from the kept blocks of the pattern, over all halves of one layer. */
  async function wrong(
    model: Model,
    macs: number,
    mutate?: (text: string) => string,
  ): Promise<number> {
    const c = { ...planDesign(model, { name: 'dut', macs }).configuration };
    const walks = walkModel(model, c);
    const fields = layerTable(c, hcgsTable);
    const width = fields.reduce((sum, f) => sum + f.width, 0);
    const images = buildImages(c, model);
    const image = (images.get('mem/dut_layers.mem') as string).trim().split('\n');
    const block = await blockUnderTest(hcgsDecoder(c, rom('dut')), mutate);
    const addressBits = readAddressBits(c);
    const streams = addressStreams(c);
    let errors = 0;
    for (const [index, walk] of walks.entries()) {
      const layer = BigInt(`0x${image[index]}`);
      const vectors: Record<string, bigint | number>[] = [
        { rst: 1 },
        { rst: 0, load: 1, next_layer: BigInt.asUintN(width, layer) },
      ];
      const expected: {
        cycle: number;
        addresses: number[];
        /** Columns of the matrix, in this tile, counted from its first one. */
        left: number[];
        first: boolean;
        last: boolean;
      }[] = [];
      for (const name of ['x', 'h'] as const) {
        const side = walk[name];
        if (side === null) continue;
        const { inner } = hcgsWalk(side.matrix, c);
        const source = fieldOf(layer, fields, `${name}_source`);
        for (let group = 0; group < walk.groups; group++) {
          for (let tile = 0; tile < side.tiles(group); tile++) {
            const addresses = Array.from({ length: streams }, (_, s) => {
              const gates = c.perGate ? 4 : 1;
              const perGate = streams / gates;
              const rowGroup = (s % perGate) * c.streamShare;
              const row = (group * c.rowGroups + rowGroup) * c.tileRows;
              const pattern = patternOf(side.matrix, Math.floor(s / perGate));
              const padded =
                Math.ceil(pattern.rows / (pattern.blocks[0] ?? 1)) * (pattern.blocks[0] ?? 1);
              if (row >= padded || (walk.pass.cell === 'dense' && row >= walk.rows)) return -1;
              const { firstColumns } = keptBlocksOfRow(pattern, row);
              const kept = firstColumns[Math.floor(tile / inner)] as number;
              return source + kept / c.tileColumns + (tile % inner);
            });
            expected.push({
              cycle: vectors.length,
              first: tile === 0,
              last: tile === side.tiles(group) - 1,
              addresses,
              left: addresses.map((a) => side.matrix.columns - (a - source) * c.tileColumns),
            });
            vectors.push({
              load: 0,
              layer,
              advance: 1,
              x_side: Number(name === 'x'),
              from_input: 0,
              upper_buffer: 0,
            });
          }
        }
      }
      vectors.push(...Array.from({ length: DECODER_LATENCY + 2 }, () => ({ advance: 0 })));
      const out = await block.run(vectors, { files: Object.fromEntries(images) });
      for (const e of expected) {
        const flags = out[e.cycle];
        const all = out[e.cycle + DECODER_LATENCY]?.address as bigint;
        const got = e.addresses.map((_, s) =>
          Number((all >> BigInt(s * addressBits)) & ((1n << BigInt(addressBits)) - 1n)),
        );
        const columns = out[e.cycle + DECODER_LATENCY + 1]?.present as bigint;
        const inside = (s: number): number =>
          Number((columns >> BigInt(s * c.tileColumns)) & ((1n << BigInt(c.tileColumns)) - 1n));
        const some = (left: number): number => 2 ** Math.max(0, Math.min(left, c.tileColumns)) - 1;
        const good =
          flags?.tile_first === BigInt(e.first) &&
          flags.tile_last === BigInt(e.last) &&
          e.addresses.every(
            (a, s) => a < 0 || (a === got[s] && inside(s) === some(e.left[s] as number)),
          );
        if (!good) errors++;
      }
    }
    return errors;
  }
  const fieldOf = (
    word: bigint,
    fields: readonly { name: string; width: number }[],
    name: string,
  ): number => {
    let base = 0n;
    for (const f of fields) {
      if (f.name === name) return Number((word >> base) & ((1n << BigInt(f.width)) - 1n));
      base += BigInt(f.width);
    }
    throw new Error(name);
  };

  test.each([
    [28, 'three levels, many row groups', 256],
    [29, 'separate masks per gate, a ratio of three', 32],
    [12, 'sizes that no block divides', 8],
    [5, 'fewer levels in one layer than in the other', 8],
  ])('shape %i (%s): every tile reads its kept block', async (seed, _, macs) => {
    expect(await wrong(randomShape(seed).model(1), macs)).toBe(0);
  });

  test.each([
    [
      'the stride is left out',
      edit(/, stride_late_0\};/, ", {STRIDE_BITS_0{1'b1}} ^ stride_late_0};"),
    ],
    [
      'a block row is not walked again',
      edit(/x_pointer_0 <= x_row_0;/, 'x_pointer_0 <= x_pointer_next_0;'),
    ],
  ])('the check fails when %s', async (_, mutate) => {
    expect(await wrong(randomShape(28).model(1), 16, mutate)).toBeGreaterThan(0);
  });
});

function pack(values: readonly number[], bits: number): bigint {
  let text = '';
  for (let i = values.length - 1; i >= 0; i--) {
    text += ((values[i] as number) & (2 ** bits - 1)).toString(2).padStart(bits, '0');
  }
  return BigInt(`0b${text}`);
}
