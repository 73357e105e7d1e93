import { describe, expect, test } from 'vitest';
import { planDesign } from '../../../generator/accelerator/index.js';
import { addressBits } from '../../../generator/accelerator/layer-table.js';
import { actMemory } from '../../../generator/accelerator/memory/act-memory.js';
import {
  ACTIVATION_LATENCY,
  activationMemory,
} from '../../../generator/accelerator/memory/activation-memory.js';
import { ram, rom } from '../../../generator/accelerator/memory/leaf.js';
import { Random } from '../../../generator/base/random.js';
import type { Module } from '../../../generator/hdl/index.js';
import { integer, text } from '../../../generator/hdl/index.js';
import { blockUnderTest, edit } from '../../support/block.js';
import { randomShape } from '../../support/random-shapes.js';

const SEED = 11;

/** A module with other defaults: the driver builds a block at its defaults. */
function withDefaults(module: Module, values: Readonly<Record<string, number | string>>): Module {
  const parameters = Object.fromEntries(
    Object.entries(module.parameters).map(([name, p]) => {
      const value = values[name];
      if (value === undefined) return [name, p];
      return [name, typeof value === 'string' ? text(value, p.doc) : integer(value, p.doc, 0)];
    }),
  );
  return { ...module, parameters };
}

describe('ROM', () => {
  const module = withDefaults(rom('dut'), { WIDTH: 9, DEPTH: 5, INIT_FILE: 'mem/words.mem' });
  const words = [0x1ffn, 0x0a5n, 0n, 1n, 0x100n];
  const files = { 'mem/words.mem': `${words.map((w) => w.toString(16)).join('\n')}\n` };

  test('reads the image one cycle later and holds while disabled', async () => {
    const block = await blockUnderTest(module);
    const out = await block.run(
      [
        { enable: 1, address: 4 },
        { enable: 1, address: 1 },
        { enable: 0, address: 0 },
        { enable: 1, address: 0 },
        { enable: 0 },
      ],
      { files },
    );
    expect(out.slice(1).map((o) => o.data)).toEqual([words[4], words[1], words[1], words[0]]);
  });
});

describe('RAM', () => {
  test('returns the old word when it is read and written at once', async () => {
    const block = await blockUnderTest(withDefaults(ram('dut'), { WIDTH: 8, DEPTH: 4 }));
    const write = (write_address: number, write_data: number, read_address: number) => ({
      write_enable: 1,
      write_address,
      write_data,
      read_enable: 1,
      read_address,
    });
    const out = await block.run([
      write(2, 7, 2),
      write(2, 9, 2),
      { write_enable: 0, read_address: 2 },
      { read_enable: 0, read_address: 0 },
      {},
    ]);
    expect(out.slice(1).map((o) => o.read_data)).toEqual([0n, 7n, 9n, 9n]);
  });
});

describe('activation memory of lanes', () => {
  const LANE = 5;

  /** Reads that disagree with an array of lanes, over random writes and reads. */
  async function wrong(
    writeLanes: number,
    readLanes: number,
    rows: number,
    mutate?: (text: string) => string,
  ): Promise<number> {
    const wide = Math.max(writeLanes, readLanes);
    const words = { write: (rows * wide) / writeLanes, read: (rows * wide) / readLanes };
    const bits = (n: number) => Math.max(1, Math.ceil(Math.log2(n)));
    const module = withDefaults(actMemory('dut', ram('dut')), {
      LANE_BITS: LANE,
      WRITE_LANES: writeLanes,
      READ_LANES: readLanes,
      ROWS: rows,
      WRITE_ADDRESS_BITS: bits(words.write),
      READ_ADDRESS_BITS: bits(words.read),
    });
    const block = await blockUnderTest(module, mutate);
    const random = new Random(SEED);
    const lanes = new Array<number>(rows * wide).fill(0);
    const expected: (bigint | null)[] = [];
    const vectors = Array.from({ length: 600 }, () => {
      const read = random.below(words.read);
      expected.push(pack(lanes.slice(read * readLanes, (read + 1) * readLanes)));
      const write = random.below(words.write);
      const data = Array.from({ length: writeLanes }, () => random.below(2 ** LANE));
      const enable = random.below(2);
      if (enable)
        data.forEach((d, i) => {
          lanes[write * writeLanes + i] = d;
        });
      return {
        write_enable: enable,
        write_address: write,
        write_data: pack(data),
        read_enable: 1,
        read_address: read,
      };
    });
    const out = await block.run([...vectors, { write_enable: 0 }]);
    return expected.filter((e, i) => out[i + 1]?.read_data !== e).length;
  }

  test.each([
    [4, 4, 3],
    [8, 2, 5],
    [1, 4, 6],
    [2, 16, 2],
    [1, 1, 7],
  ])('%i lanes in, %i lanes out, %i rows', async (write, read, rows) => {
    expect(await wrong(write, read, rows)).toBe(0);
  });

  test('the check fails when a bank is not selected', async () => {
    expect(
      await wrong(1, 4, 6, edit(/write_enable & \(bank_select == bank\)/, 'write_enable')),
    ).toBeGreaterThan(0);
    expect(
      await wrong(8, 2, 5, edit(/bank_data\[bank_select \* BANK_BITS/, 'bank_data[0')),
    ).toBeGreaterThan(0);
  });

  function pack(values: readonly number[]): bigint {
    return values.reduce((word, v, i) => word | (BigInt(v) << BigInt(i * LANE)), 0n);
  }
});

describe('activation memory', () => {
  const shape = randomShape(29);
  const base = planDesign(shape.model(1), shape.options).configuration;
  const c = {
    ...base,
    name: 'dut',
    tileColumns: 2,
    streamLanes: 1,
    cellLanes: 2,
    xRows: 2,
    hRows: 2,
    rowGroups: 2,
    streamShare: 1,
    perGate: false,
  };

  test('every stream reads x or h at its own address, or zero', async () => {
    const block = await blockUnderTest(activationMemory(c, actMemory('dut', ram('dut'))));
    const [bits, address] = [c.words.activation, addressBits(c)];
    const both = (a: number, b: number) => BigInt(a) | (BigInt(b) << BigInt(address));
    const write = (i: number) => ({
      x_write: 1,
      x_address: i,
      x_data: i + 1,
      h_write: Number(i % 2 === 0),
      h_address: i >> 1,
      h_data: BigInt(100 + i) | (BigInt(101 + i) << BigInt(bits)),
    });
    const read = (from_input: number, zero: number, a: number, b: number) => ({
      x_write: 0,
      h_write: 0,
      read: 1,
      from_input,
      zero,
      address: both(a, b),
    });
    const reads = [read(1, 0, 0, 3), read(0, 0, 1, 0), read(0, 1, 1, 0), read(1, 0, 2, 2)];
    const out = await block.run([
      ...Array.from({ length: 8 }, (_, i) => write(i)),
      ...reads,
      { read: 0 },
      { read: 0 },
    ]);
    const operands = reads.map((_, i) => {
      const word = out[8 + i + ACTIVATION_LATENCY]?.operands as bigint;
      return Array.from({ length: 4 }, (_, k) =>
        Number((word >> BigInt(k * bits)) & ((1n << BigInt(bits)) - 1n)),
      );
    });
    expect(operands).toEqual([
      [1, 2, 7, 8],
      [102, 103, 100, 101],
      [0, 0, 0, 0],
      [5, 6, 5, 6],
    ]);
  });
});
