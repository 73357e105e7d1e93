import { describe, expect, test } from 'vitest';
import { loadArbiter } from '../../../generator/accelerator/bus/load-arbiter.js';
import {
  type LoadLayout,
  loadBusWidths,
  loadWords,
} from '../../../generator/accelerator/load/layout.js';
import { loader } from '../../../generator/accelerator/load/loader.js';
import { loadStream } from '../../../generator/accelerator/load/records.js';
import { Random } from '../../../generator/base/random.js';
import { emitModule, modulesBelow } from '../../../generator/hdl/index.js';
import { edit } from '../../support/block.js';
import { type InputVector, type VerilatedBlock, verilate } from '../../support/verilated-block.js';

const SEED = Number(process.env.HCGS_SEED ?? 1);

const layout: LoadLayout = {
  stores: [
    { number: 0, name: 'a', image: 'mem/a.mem', width: 40, words: 3, perRow: 1 },
    { number: 1, name: 'b', image: 'mem/b.mem', width: 8, words: 5, perRow: 1 },
  ],
  hash: '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff',
};

/** An image of every store, random. */
function images(random: Random): ReadonlyMap<string, string> {
  return new Map(
    layout.stores.map(({ image, width, words }) => {
      const digits = () => random.below(16).toString(16);
      const word = () => Array.from({ length: width / 4 }, digits).join('');
      return [image, Array.from({ length: words }, word).join('\n')];
    }),
  );
}

/** Loads of both places, as many as `loads` of each: the stream sends those of place 0, the bus those of place 1. */
function drawn(random: Random, loads: number, bits: number) {
  const of = (place: number) =>
    Array.from({ length: loads }, () => {
      const memories = images(random);
      return { memories, bytes: Buffer.from(loadStream(layout, memories, place)) };
    });
  const [stream, bus] = [of(0), of(1)];
  const words = (bytes: Buffer) =>
    Array.from({ length: bytes.length / 4 }, (_, n) => bytes.readUInt32LE(4 * n));
  const hex = (value: number) => value.toString(16);
  const beats = stream.flatMap(({ bytes }) => {
    const beat = bits / 8;
    const last = ends(bytes);
    return Array.from({ length: bytes.length / beat }, (_, n) =>
      hex(bytes.readUIntLE(n * beat, beat) + (last.has((n + 1) * beat) ? 2 ** bits : 0)),
    );
  });
  return {
    ...{ stream, bus, beats: beats.length },
    words: bus.flatMap(({ bytes }) => words(bytes)).length,
    files: {
      'beats.hex': `${beats.join('\n')}\n`,
      'words.hex': `${bus.flatMap(({ bytes }) => words(bytes).map(hex)).join('\n')}\n`,
    },
  };
}

/** Where the records of a load end, in bytes. */
function ends(bytes: Buffer): ReadonlySet<number> {
  const found = new Set<number>();
  let at = 0;
  for (const store of layout.stores) {
    at += 36 + 4 * loadWords(store) * store.words;
    found.add(at);
  }
  return found.add(bytes.length);
}

const PORTS = {
  inputs: { rst: 1, go_stream: 1, go_bus: 1, load_abort: 1, in_use: 2 },
  outputs: {
    ...{ loading: 1, load_bus: 1, loaded: 2, load_error: 1, load_cause: 3, load_done: 1 },
    ...{ load_refused: 1, load_waits: 1, load_skips: 1, store_write: 1, store_place: 1 },
    store_number: loadBusWidths(layout).number,
    store_address: loadBusWidths(layout).address,
    store_data: loadBusWidths(layout).data,
    ...{ beat_at: 16, word_at: 16 },
  },
};

/** Arbiter and loader as the top of a design has them, with a stream and a bus that send what is in files. */
function built(
  bits: number,
  mutate: (text: string) => string = (text) => text,
  mutated = 'dut_load_arbiter',
): Promise<VerilatedBlock> {
  const blocks = [
    loadArbiter('dut', bits),
    loader({ name: 'dut', layout, bits, residents: 2, controlled: true }),
  ];
  const list = (direction: string, ports: Readonly<Record<string, number>>) =>
    Object.entries(ports).map(([name, width]) => `  ${direction} wire [${width - 1}:0] ${name}`);
  const through = Object.keys(PORTS.outputs).filter((name) => !/_at$|^load_bus$/.test(name));
  const text = `
module bench (
  input wire clk,
${[...list('input', PORTS.inputs), ...list('output', PORTS.outputs)].join(',\n')}
);
  reg [${bits}:0] beats[0:4095];
  reg [31:0] words[0:4095];
  initial $readmemh("beats.hex", beats);
  initial $readmemh("words.hex", words);
  reg [15:0] beat, word;
  assign beat_at = beat;
  assign word_at = word;
  wire taken, ready, beat_valid, beat_ready, beat_last;
  wire [${bits - 1}:0] beat_data;
  always @(posedge clk) begin
    if (rst) {beat, word} <= 32'd0;
    else begin
      if (go_stream && ready) beat <= beat + 16'd1;
      if (taken) word <= word + 16'd1;
    end
  end
  dut_load_arbiter u_arbiter (.clk(clk), .rst(rst), .load_valid(go_bus), .load_word(words[word[11:0]]), .load_taken(taken),
    .s_load_tdata(beats[beat[11:0]][${bits - 1}:0]), .s_load_tvalid(go_stream), .s_load_tready(ready),
    .s_load_tlast(beats[beat[11:0]][${bits}]), .loading(loading), .load_bus(load_bus),
    .beat_data(beat_data), .beat_valid(beat_valid), .beat_ready(beat_ready), .beat_last(beat_last));
  dut_loader u_loader (.clk(clk), .rst(rst), .s_load_tdata(beat_data), .s_load_tvalid(beat_valid),
    .s_load_tready(beat_ready), .s_load_tlast(beat_last), .load_abort(load_abort), .in_use(in_use),
    ${through.map((name) => `.${name}(${name})`).join(', ')});
endmodule
`;
  const modules = blocks.flatMap(modulesBelow).map((module) => ({
    name: `${module.name}.v`,
    text: module.name === mutated ? mutate(emitModule(module)) : emitModule(module),
  }));
  const port =
    (direction: 'input' | 'output') =>
    ([name, width]: readonly [string, number]) => ({
      ...{ name, width, direction },
    });
  return verilate({
    top: 'bench',
    sources: [{ name: 'bench.v', text }, ...modules],
    ports: [
      ...Object.entries(PORTS.inputs).map(port('input')),
      ...Object.entries(PORTS.outputs).map(port('output')),
    ],
  });
}

const LOADS = 12;

/** Plays loads from both sides at random. What was wrong, in words. */
async function race(block: VerilatedBlock, bits: number): Promise<readonly string[]> {
  const random = new Random(SEED);
  const { stream, bus, beats, words, files } = drawn(random, LOADS, bits);
  const vectors: InputVector[] = Array.from({ length: 8 * (beats + words) }, (_, n) => ({
    ...{ rst: Number(n < 2), in_use: random.below(4) },
    // now and then one side alone
    go_stream: Number(random.below(4) > (n >> 7) % 4),
    go_bus: Number(random.below(4) > (n >> 6) % 4),
  }));
  const out = (await block.run(vectors, { files })).slice(2);
  const at = (n: number, name: string) => Number(out[n]?.[name] ?? 0n);
  const wrong: string[] = [];
  const memory = [new Map<string, bigint>(), new Map<string, bigint>()];
  const done = [0, 0];
  let begun = 0;
  for (let n = 1; n < out.length; n++) {
    if (done[0] === LOADS || done[1] === LOADS) break;
    if (at(n, 'loading') === 1 && at(n - 1, 'loading') === 0) begun = n - 1;
    if (at(n, 'loading') === 1) {
      const moved = ['beat_at', 'word_at'].filter((name) => at(n, name) !== at(begun, name));
      if (moved.length > 1) wrong.push(`cycle ${n}: words of both sides in a load`);
    }
    if (at(n, 'load_error') === 1) wrong.push(`cycle ${n}: refused, cause ${at(n, 'load_cause')}`);
    const place = at(n, 'store_place');
    if (at(n, 'store_write') === 1) {
      const key = `${at(n, 'store_number')} ${at(n, 'store_address')}`;
      memory[place]?.set(key, out[n]?.store_data ?? 0n);
    }
    if (at(n, 'load_done') === 0) continue;
    const sent = (place === 0 ? stream : bus)[done[place] as number];
    for (const { number, image, width } of layout.stores) {
      const lines = sent?.memories.get(image)?.split('\n') ?? [];
      for (const [w, line] of lines.entries()) {
        const got = BigInt.asUintN(width, memory[place]?.get(`${number} ${w}`) ?? -1n);
        if (got !== BigInt(`0x${line}`)) wrong.push(`cycle ${n}: place ${place}: ${image} ${w}`);
      }
    }
    done[place] = (done[place] as number) + 1;
  }
  if (Math.max(...done) < LOADS) wrong.push(`only ${done} loads`);
  if (Math.min(...done) < 3) wrong.push(`a side alone: ${done}`);
  return wrong;
}

describe('loads through the bus and through the stream at once', () => {
  test.each([8, 16, 32])('are never mixed: a beat of %i bits', async (bits) => {
    expect(await race(await built(bits), bits)).toEqual([]);
  });

  test.each<[string, string, string, string]>([
    [
      'the bus goes first within a load',
      'dut_load_arbiter',
      'loading ? load_bus : load_valid',
      'load_valid',
    ],
    [
      'the stream goes on within one',
      'dut_load_arbiter',
      'load_bus <= from_bus',
      "load_bus <= 1'b0",
    ],
    ['a load ends with a record', 'dut_loader', ' || (|store)', ''],
  ])('a mutant is seen: %s', async (_title, module, from, to) => {
    expect(await race(await built(32, edit(from, to), module), 32)).not.toEqual([]);
  });
});

/** A stream that breaks off after so many cycles, an abort, and a load through the bus. */
async function broken(block: VerilatedBlock, bits: number, cycles: number, inUse = 0) {
  const { files, words } = drawn(new Random(SEED), 1, bits);
  const vectors = Array.from(
    { length: cycles + 20 + 8 * words },
    (_, n): InputVector => ({
      ...{ rst: Number(n < 2), in_use: n < cycles + 12 ? inUse : 0 },
      ...{ go_stream: Number(n >= 2 && n < cycles + 2), load_abort: Number(n === cycles + 10) },
      go_bus: Number(n >= cycles + 12),
    }),
  );
  const out = await block.run(vectors, { files });
  const at = (n: number, name: string) => Number(out[n]?.[name] ?? 0n);
  const left = at(cycles + 11, 'loading');
  const sent = out.findIndex((_, n) => at(n, 'word_at') === words);
  return {
    open: at(cycles + 9, 'loading'),
    waits: at(cycles + 9, 'load_waits'),
    ...{ left, cause: at(cycles + 11, 'load_cause') },
    refused: out.slice(2, sent).filter((o) => o.load_refused === 1n).length,
    // place 1 is there when its last word is, and no sooner
    loaded: sent < 0 ? 0 : at(sent + 4, 'loaded') >> 1,
  };
}

describe('a load that was broken off', () => {
  test.each([8, 32])('is ended by an abort, wherever it is: a beat of %i bits', async (bits) => {
    const block = await built(bits);
    for (let cycles = 1; cycles < 60; cycles += 1) {
      expect(await broken(block, bits, cycles), `${cycles} cycles`).toEqual({
        ...{ open: 1, waits: 0, left: 0, cause: 7, refused: 1, loaded: 1 },
      });
    }
  });

  test('is ended while it waits for its place', async () => {
    const block = await built(32);
    expect(await broken(block, 32, 40, 1)).toEqual({
      ...{ open: 1, waits: 1, left: 0, cause: 7, refused: 1, loaded: 1 },
    });
  });

  test('where none has begun, an abort is nothing', async () => {
    expect(await broken(await built(32), 32, 0)).toEqual({
      ...{ open: 0, waits: 0, left: 0, cause: 0, refused: 0, loaded: 1 },
    });
  });
});
