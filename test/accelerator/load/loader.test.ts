import { describe, expect, test } from 'vitest';
import { causeOf } from '../../../generator/accelerator/load/causes.js';
import type { LoadLayout } from '../../../generator/accelerator/load/layout.js';
import { loadWords } from '../../../generator/accelerator/load/layout.js';
import { loader } from '../../../generator/accelerator/load/loader.js';
import { COMMIT, record } from '../../../generator/accelerator/load/records.js';
import { loadSizeOf } from '../../../generator/accelerator/load/size.js';
import { Random } from '../../../generator/base/random.js';
import { emitModule, modulesBelow } from '../../../generator/hdl/index.js';
import { edit } from '../../support/block.js';
import { type InputVector, verilate } from '../../support/verilated-block.js';

const SEED = Number(process.env.HCGS_LOAD_SEED ?? 1);
/** Loads of the random test at each width of the port. */
const CASES = Number(process.env.HCGS_LOAD_CASES ?? 400);

const LAYOUT: LoadLayout = {
  stores: [
    [5, 3],
    [40, 7],
    [96, 2],
    [24, 5],
  ].map(([width = 0, words = 0], number) => ({
    ...{ number, width, words, perRow: 1, name: `s${number}`, image: `mem/s${number}.mem` },
  })),
  hash: '0123456789abcdef'.repeat(4),
};
const OTHER: LoadLayout = { ...LAYOUT, hash: '0123456789abcdee'.repeat(4) };

/** The words of all stores. */
type Image = readonly (readonly bigint[])[];

/** One attempt to load: beats with their tlast, and what has to come of it. */
interface Attempt {
  readonly what: string;
  readonly bytes: Uint8Array;
  /** Byte behind which tlast stands; the end of the bytes, or none. */
  readonly last: number | null;
  /** `good`: loaded; `kept`: refused before anything was written; `lost`: nothing is loaded; null: known by no one. */
  readonly ends: 'good' | 'kept' | 'lost' | null;
  readonly cause?: number;
  readonly image: Image;
  readonly reset?: boolean;
}

function drawImage(random: Random): Image {
  return LAYOUT.stores.map(({ width, words }) =>
    Array.from({ length: words }, () => {
      let value = 0n;
      for (let bits = 0; bits < width; bits += 16)
        value = (value << 16n) | BigInt(random.below(2 ** 16));
      return BigInt.asUintN(width, value);
    }),
  );
}

function dataOf(store: number, words: readonly bigint[]): Uint8Array {
  const stride = 4 * loadWords(LAYOUT.stores[store] as { width: number });
  const bytes = new Uint8Array(stride * words.length);
  for (const [n, word] of words.entries()) {
    for (let b = 0, rest = word; b < stride; b++, rest >>= 8n)
      bytes[n * stride + b] = Number(rest & 255n);
  }
  return bytes;
}

/** Records of a load of an image; stores in pieces where `split`. */
function recordsOf(image: Image, layout = LAYOUT, split: Random | null = null): Uint8Array[] {
  const records = image.flatMap((words, store) => {
    const cut =
      split !== null && words.length > 1 ? split.between(1, words.length - 1) : words.length;
    return [words.slice(0, cut), words.slice(cut)].flatMap((part, n) =>
      part.length === 0
        ? []
        : [
            record(
              layout,
              { store, place: 0, first: n * cut, words: part.length },
              dataOf(store, part),
            ),
          ],
    );
  });
  const commit = { store: COMMIT, place: 0, first: 0, words: image.length };
  return [...records, record(layout, commit, new Uint8Array(0))];
}

function joined(records: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(records);
}

/** A record with a right CRC-32 and other words in its head. */
function headOf(
  image: Image,
  change: Partial<Parameters<typeof record>[1]>,
  store = 0,
): Uint8Array {
  const words = image[store] ?? [];
  return record(
    LAYOUT,
    { store, place: 0, first: 0, words: words.length, ...change },
    dataOf(store, words),
  );
}

function attempt(random: Random): Attempt {
  const image = drawImage(random);
  const whole = recordsOf(image);
  const bytes = joined(whole);
  const all = (what: string, given: Uint8Array, rest: Partial<Attempt> = {}): Attempt => ({
    ...{ what, bytes: given, last: given.length, ends: 'lost', image },
    ...rest,
  });
  switch (random.below(13)) {
    case 0:
    case 1:
      return all('good', bytes, {
        ends: 'good',
        last: random.below(2) === 0 ? null : bytes.length,
      });
    case 2: {
      const split = joined(recordsOf(image, LAYOUT, random));
      return all('good, stores in pieces', split, { ends: 'good' });
    }
    case 3: {
      const broken = Uint8Array.from(bytes);
      // behind the head of the first record, so that something has been written
      const at = random.between(4 * 8, bytes.length - 1);
      broken[at] = (broken[at] as number) ^ (1 << random.below(8));
      return all('a bit turned', broken);
    }
    case 4: {
      const end = 4 * random.between(9, bytes.length / 4 - 1);
      // what ends behind a record is no cut, but no load either
      return all('cut by tlast', bytes.subarray(0, end));
    }
    case 5: {
      const end = 4 * random.between(1, bytes.length / 4 - 1);
      return all('broken off', bytes.subarray(0, end), { last: null, ends: null });
    }
    case 6:
      return all('for another design', joined(recordsOf(image, OTHER)), {
        ...{ ends: 'kept', cause: causeOf('DESIGN') },
      });
    case 7: {
      const place = random.between(1, 3);
      return all('for no place', headOf(image, { place }), {
        ends: 'kept',
        cause: causeOf('PLACE'),
      });
    }
    case 8: {
      const without = random.below(whole.length - 1);
      const rest = whole.filter((_, n) => n !== without);
      const kept = without === 0;
      return all(`without store ${without}`, joined(rest), {
        ...{ ends: kept ? 'kept' : 'lost', cause: causeOf('ORDER') },
      });
    }
    case 9: {
      const words = (image[0] as readonly bigint[]).length + random.between(1, 3);
      return all('too many words', headOf(image, { words }), {
        ...{ ends: 'kept', cause: causeOf('ORDER') },
      });
    }
    case 10: {
      const noise = Uint8Array.from({ length: 4 * random.between(1, 12) }, () => random.below(256));
      noise[0] = 0;
      return all('noise', noise, { ends: 'kept' });
    }
    case 11: {
      const twice = joined([...whole.slice(0, 2), ...whole]);
      return all('begun twice', twice, { ends: 'good' });
    }
    default: {
      const end = 4 * random.between(1, bytes.length / 4);
      return all('reset', bytes.subarray(0, end), { reset: true, ends: 'lost', last: null });
    }
  }
}

/** The loader behind a queue that keeps tvalid up until a beat is taken, with gaps. */
async function loaderUnderTest(bits: number, mutate = (text: string) => text) {
  const module = loader({ name: 'dut', layout: LAYOUT, bits, residents: 1 });
  const sources = modulesBelow(module).map((m) => ({
    name: `${m.name}.v`,
    text: m === module ? mutate(emitModule(m)) : emitModule(m),
  }));
  const widths = Object.fromEntries(
    ['store_number', 'store_address', 'store_data', 'load_cause'].map((port) => [
      port,
      module.ports[port]?.type.width.constant ?? 0,
    ]),
  );
  const out = Object.entries({ loaded: 1, load_error: 1, store_write: 1, ...widths });
  const bench = `module bench (input wire clk, input wire rst, input wire push, input wire dense, input wire [${bits}:0] beat,
    input wire in_use, output wire empty, ${out.map(([n, w]) => `output wire [${w - 1}:0] ${n}`).join(', ')});
  reg [${bits}:0] queue[0:8191];
  reg [12:0] head, tail;
  reg [15:0] noise;
  reg offer;
  wire ready;
  assign empty = head == tail;
  dut_loader u_loader (.clk(clk), .rst(rst), .s_load_tdata(queue[head][${bits - 1}:0]), .s_load_tlast(queue[head][${bits}]),
    .s_load_tvalid(offer), .s_load_tready(ready), .in_use(in_use), ${out.map(([n]) => `.${n}(${n})`).join(', ')});
  always @(posedge clk) begin
    noise <= rst ? 16'h1 : {noise[14:0], noise[15] ^ noise[13] ^ noise[12] ^ noise[10]};
    if (rst) begin head <= 0; tail <= 0; offer <= 0; end
    else begin
      if (push) begin queue[tail] <= beat; tail <= tail + 13'd1; end
      if (offer && ready) begin head <= head + 13'd1; offer <= dense && head + 13'd1 != tail; end
      else if (!offer) offer <= head != tail && (dense || noise[0] || noise[3]);
    end
  end
endmodule
`;
  return verilate({
    top: 'bench',
    sources: [...sources, { name: 'bench.v', text: bench }],
    ports: [
      ...[
        ['rst', 1],
        ['push', 1],
        ['dense', 1],
        ['beat', bits + 1],
        ['in_use', 1],
      ].map(([name, width]) => ({
        name: name as string,
        width: width as number,
        direction: 'input' as const,
      })),
      ...[['empty', 1] as const, ...out].map(([name, width]) => ({
        name: name as string,
        width: width as number,
        direction: 'output' as const,
      })),
    ],
  });
}

/** Vectors of attempts one behind the other, and where each one begins and ends. */
function vectorsOf(attempts: readonly Attempt[], bits: number, random: Random) {
  const vectors: InputVector[] = Array.from({ length: 3 }, () => ({ rst: 1, push: 0, in_use: 0 }));
  const spans = attempts.map(({ bytes, last, reset }) => {
    const from = vectors.length;
    const per = bits / 8;
    for (let at = 0; at < bytes.length; at += per) {
      let value = 0n;
      for (let b = per - 1; b >= 0; b--) value = (value << 8n) | BigInt(bytes[at + b] ?? 0);
      if (last !== null && at + per >= last) value |= 1n << BigInt(bits);
      vectors.push({ rst: 0, push: 1, beat: value, in_use: random.below(8) === 0 ? 1 : 0 });
    }
    const beats = vectors.length - from;
    if (reset) vectors.push({ rst: 1, push: 0 });
    else
      for (let n = 0; n < 6 * beats + 60; n++)
        vectors.push({ rst: 0, push: 0, in_use: n < 20 ? 1 : 0 });
    return { from, to: vectors.length };
  });
  return { vectors, spans };
}

/** Runs attempts, and says what is wrong with what came of them. */
async function complaintsOf(
  attempts: readonly Attempt[],
  bits: number,
  random: Random,
  mutate?: (text: string) => string,
): Promise<readonly string[]> {
  const block = await loaderUnderTest(bits, mutate);
  const { vectors, spans } = vectorsOf(attempts, bits, random);
  const seen = await block.run(vectors);
  const memory = LAYOUT.stores.map(({ words }) =>
    Array.from({ length: words }, (): bigint | null => null),
  );
  const complaints: string[] = [];
  let loaded = 0n;
  for (const [n, one] of attempts.entries()) {
    const { from, to } = spans[n] as { from: number; to: number };
    const say = (what: string) => complaints.push(`${n} (${one.what}): ${what}`);
    for (let v = from; v < to; v++) {
      const now = seen[v] as Record<string, bigint>;
      if (now.store_write === 1n && now.loaded === 1n)
        say('a word was written into a loaded place');
      if (loaded === 1n && now.loaded === 0n) {
        const before = vectors[v - 1] as Record<string, number>;
        if (before.in_use === 1 && before.rst !== 1) say('a place in use was taken away');
      }
      if (loaded === 0n && now.loaded === 1n) {
        const wrong = memory.some((words, s) =>
          words.some((word, w) => word !== one.image[s]?.[w]),
        );
        if (one.ends !== 'good' || wrong) say('loaded without a whole model');
      }
      loaded = now.loaded as bigint;
      if (now.store_write === 1n) {
        const [s, w] = [Number(now.store_number), Number(now.store_address)];
        const width = LAYOUT.stores[s]?.width ?? 0;
        const words = memory[s];
        if (words === undefined || w >= words.length) say(`a word beyond store ${s}`);
        else words[w] = BigInt.asUintN(width, now.store_data as bigint);
      }
    }
    const end = seen[to - 1] as Record<string, bigint>;
    if (!one.reset && end.empty !== 1n) say('beats are left');
    if (one.ends === 'good' && (end.loaded !== 1n || end.load_error !== 0n)) say('not loaded');
    if (one.ends === 'lost' && !one.reset && end.loaded !== 0n) say('loaded');
    if (
      one.cause !== undefined &&
      (end.load_error !== 1n || Number(end.load_cause) !== one.cause)
    ) {
      say(`cause ${end.load_cause}`);
    }
  }
  return complaints;
}

/** Behind one that was broken off without tlast, a beat with tlast: what follows is understood again. */
function draw(count: number, random: Random): readonly Attempt[] {
  return Array.from({ length: count }, () => attempt(random)).flatMap((one) =>
    one.last === null && one.ends === null
      ? [one, { ...one, what: 'tlast behind it', bytes: new Uint8Array(4), last: 4, ends: null }]
      : [one],
  );
}

describe('the loader', () => {
  test.each([8, 16, 32])('takes as many cycles over %i bits as are said', async (bits) => {
    const block = await loaderUnderTest(bits);
    const bytes = joined(recordsOf(drawImage(new Random(SEED))));
    const good: Attempt = { what: 'good', bytes, last: null, ends: 'good', image: [] };
    const { vectors } = vectorsOf([good], bits, new Random(1));
    // beats wait in the queue until all are there
    const held = vectors.map((vector) => ({ ...vector, in_use: 0, dense: 1 }));
    // behind the reset
    const seen = (await block.run(held)).slice(3);
    const start = seen.findIndex(({ empty }) => empty === 0n) + 1;
    const end = seen.findIndex(({ loaded }) => loaded === 1n);
    expect(end - start).toBe(loadSizeOf(LAYOUT, bits).cycles);
    expect(bytes.length).toBe(loadSizeOf(LAYOUT, bits).bytes);
  });

  test.each([8, 16, 32])(`random loads over %i bits, seed ${SEED}`, async (bits) => {
    const random = new Random(SEED + bits);
    for (let done = 0; done < CASES; done += 400) {
      const attempts = draw(Math.min(400, CASES - done), random);
      expect(await complaintsOf(attempts, bits, random)).toEqual([]);
    }
  });

  test.each<[string, (text: string) => string]>([
    ['no look at the CRC-32', edit(/wire wrong_sum =[^;]*;/, "wire wrong_sum = 1'b0;")],
    ['no look at the design', edit(/\(\(field == 3'd3\) && !\([^)]*\)\) \|\|/, '')],
    [
      'no wait for a frame',
      edit(/wire place_in_use = in_use;/, "wire place_in_use = 1'b0 & in_use;"),
    ],
    ['commit with fewer stores', edit(/wire is_commit =[^;]*;/, 'wire is_commit = (&word);')],
    ['any store', edit(/wire is_next =[^;]*;/, "wire is_next = store != 3'd4;")],
    ['no look at the words', edit(/wire counted =[^;]*;/, "wire counted = 1'b1;")],
    ['a cut is none', edit(/wire cut =[^;]*;/, "wire cut = 1'b0;")],
    ['loaded stays', edit(/state <= 3'd5;\n\s*loaded <= 1'b0;/, "state <= 3'd5;")],
    ['the last beat of a word', edit(/wire \[\d+:0\] last_lane =/, '$& 1 +')],
  ])('a mutant is found: %s', async (_title, mutate) => {
    const random = new Random(7);
    expect(await complaintsOf(draw(150, random), 32, random, mutate)).not.toEqual([]);
  });
});
