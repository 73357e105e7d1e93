import { describe, expect, test } from 'vitest';
import { planDesign } from '../../../generator/accelerator/index.js';
import { actMemory } from '../../../generator/accelerator/memory/act-memory.js';
import { ram } from '../../../generator/accelerator/memory/leaf.js';
import type { Configuration } from '../../../generator/accelerator/plan/configuration.js';
import { busyCounter } from '../../../generator/accelerator/stream/busy-counter.js';
import { frameInput } from '../../../generator/accelerator/stream/frame-input.js';
import { frameOutput } from '../../../generator/accelerator/stream/frame-output.js';
import { Random } from '../../../generator/base/random.js';
import { blockUnderTest, edit } from '../../support/block.js';
import { randomShape } from '../../support/random-shapes.js';

const SEED = 5;

function configuration(changes: Partial<Configuration>): Configuration {
  const shape = randomShape(29);
  return { ...planDesign(shape.model(1), shape.options).configuration, ...changes, name: 'dut' };
}

describe('frame input', () => {
  const BEATS = 4;
  const c = configuration({ streamLanes: 2, tileColumns: 2, xRows: BEATS, inputBeats: BEATS });

  /** Sends frames of given lengths; what is written, committed and counted. */
  async function send(
    frames: readonly { readonly beats: number; readonly user: boolean }[],
    mutate?: (text: string) => string,
  ) {
    const block = await blockUnderTest(frameInput(c), mutate);
    const vectors: Record<string, bigint | number>[] = [
      { rst: 1, last_beat: BEATS - 1 },
      { rst: 0 },
    ];
    frames.forEach(({ beats, user }, f) => {
      for (let b = 0; b < beats; b++) {
        vectors.push({
          s_axis_tvalid: 1,
          s_axis_tdata: BigInt(f * 16 + b),
          s_axis_tlast: Number(b === beats - 1),
          s_axis_tuser: Number(user && b === 0),
          frame_start: 0,
          freed: 0,
        });
      }
      // the frame, if it was good, is taken and read at once
      vectors.push({ s_axis_tvalid: 0, frame_start: 0 });
      vectors.push({ frame_start: Number(beats === BEATS), freed: Number(beats === BEATS) });
      vectors.push({ frame_start: 0, freed: 0 });
    });
    const out = await block.run(vectors);
    const restarts = out
      .filter((_, i) => vectors[i]?.frame_start === 1)
      .map((o) => o.frame_restart);
    const last = out.at(-1);
    return {
      committed: out.filter((o) => o.committed === 1n).length,
      restarts: restarts.map(Number),
      writes: out
        .filter((o) => o.write_enable === 1n)
        .map((o) => [Number(o.write_address), Number(o.write_data)]),
      error: Number(last?.error),
      errors: Number(last?.error_count),
    };
  }
  const good = (user = false) => ({ beats: BEATS, user });

  test('writes whole frames into two buffers in turn; the first starts an utterance by itself', async () => {
    const seen = await send([good(), good(), good(true)]);
    expect(seen).toMatchObject({ committed: 3, restarts: [1, 0, 1], error: 0, errors: 0 });
    expect(seen.writes.map(([address]) => address)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3]);
    expect(seen.writes.map(([, data]) => data)).toEqual([
      0, 1, 2, 3, 16, 17, 18, 19, 32, 33, 34, 35,
    ]);
  });

  test('discards short and long frames, counts them, keeps their tuser pending', async () => {
    const seen = await send([
      good(),
      { beats: 2, user: true },
      { beats: 7, user: false },
      good(),
      good(),
    ]);
    expect(seen).toMatchObject({ committed: 3, restarts: [1, 1, 0], error: 1, errors: 2 });
    // a long frame never writes beyond its buffer
    expect(Math.max(...seen.writes.map(([address]) => address as number))).toBeLessThan(8);
  });

  test('takes no third frame while two are held', async () => {
    const block = await blockUnderTest(frameInput(c));
    const beat = (i: number) => ({
      rst: 0,
      s_axis_tvalid: 1,
      s_axis_tlast: Number(i % BEATS === BEATS - 1),
    });
    const out = await block.run([
      { rst: 1, last_beat: BEATS - 1 },
      ...Array.from({ length: 2 * BEATS }, (_, i) => beat(i)),
      { s_axis_tvalid: 0 },
      { freed: 1, frame_start: 1 },
      { freed: 0, frame_start: 0 },
    ]);
    expect(out.slice(-3).map((o) => Number(o.s_axis_tready))).toEqual([0, 0, 1]);
  });

  test('the checks fail when an overrun is not noticed, and when tuser is forgotten', async () => {
    const frames = [good(), { beats: 2, user: true }, { beats: 7, user: false }, good()];
    const noOverrun = await send(frames, edit("overrun <= 1'b1", "overrun <= 1'b0"));
    expect(noOverrun.writes).not.toEqual((await send(frames)).writes);
    const forgets = await send(frames, edit(/pending <= restart.*;/, "pending <= 1'b0;"));
    expect(forgets.restarts).not.toEqual([1, 1]);
  });
});

describe('frame input where outputs of last frames leave', () => {
  const BEATS = 3;
  const c = configuration({
    ...{ streamLanes: 1, tileColumns: 1, xRows: BEATS, inputBeats: BEATS, emit: 'last' },
  });

  /** Frames with tuser on their beats; the marks of each good one when it is taken. */
  async function marksOf(
    frames: readonly (readonly number[])[],
    mutate?: (text: string) => string,
  ): Promise<readonly (readonly [restart: number, emits: number])[]> {
    const block = await blockUnderTest(frameInput(c), mutate);
    const beats = (users: readonly number[]) =>
      users.map((user, b) => ({
        ...{ s_axis_tvalid: 1, s_axis_tuser: user, frame_start: 0, freed: 0 },
        s_axis_tlast: Number(b === users.length - 1),
      }));
    const taken = { s_axis_tvalid: 0, frame_start: 1, freed: 1 };
    // two good frames are held before the first of them is taken
    const vectors = [
      { rst: 1, last_beat: BEATS - 1 },
      { rst: 0 },
      ...frames.flatMap((users, f) => [
        ...beats(users),
        ...(f > 0 && users.length === BEATS ? [taken] : []),
      ]),
      taken,
    ];
    const out = await block.run(vectors);
    return out
      .filter((_, i) => (vectors[i] as { frame_start?: number }).frame_start === 1)
      .map((o) => [Number(o.frame_restart), Number(o.frame_emits)] as const);
  }

  test('the first beat marks a frame, alone', async () => {
    const frames = [
      [0, 3, 2],
      [2, 0, 1],
      [1, 2, 0],
      [3, 0, 0],
      [0, 0, 2],
    ];
    const marks = [
      [1, 0],
      [0, 1],
      [1, 0],
      [1, 1],
      [0, 0],
    ];
    expect(await marksOf(frames)).toEqual(marks);
    const late = edit(/wire ends = .*;/, 'wire ends = s_axis_tuser[1];');
    expect(await marksOf(frames, late)).not.toEqual(marks);
    const other = edit(/assign frame_emits = .*;/, 'assign frame_emits = emits[0];');
    expect(await marksOf(frames, other)).not.toEqual(marks);
  });

  test('of a frame that is discarded the first mark stays, the last one does not', async () => {
    expect(
      await marksOf([
        [0, 0, 0],
        [3, 0],
        [0, 0, 0],
      ]),
    ).toEqual([
      [1, 0],
      [1, 0],
    ]);
  });
});

describe('frame output', () => {
  const OUTPUTS = 7;
  const c = configuration({
    streamLanes: 2,
    cellLanes: 1,
    outputLayer: true,
    sumBits: 18,
    outRows: 2,
    outputBeats: 4,
  });

  async function wrong(ready: number, mutate?: (text: string) => string): Promise<number> {
    const module = frameOutput(c, actMemory('dut', ram('dut')));
    const block = await blockUnderTest(module, mutate);
    const random = new Random(SEED);
    const value = () => random.between(-(2 ** 17), 2 ** 17 - 1);
    const frames = Array.from({ length: 12 }, () => Array.from({ length: 8 }, value));
    const expected: number[][] = [];
    const vectors: Record<string, bigint | number>[] = [
      { rst: 1, last_beat: 3, last_lanes: 1, m_axis_tready: 1 },
    ];
    for (const [f, frame] of frames.entries()) {
      for (let w = 0; w < 2; w++) {
        vectors.push({
          rst: 0,
          write_enable: 1,
          write_end: Number(w === 1),
          write_data: pack(frame.slice(4 * w, 4 * w + 4)),
        });
      }
      for (let b = 0; b < 4; b++) {
        expected.push([
          frame[2 * b] as number,
          2 * b + 1 < OUTPUTS ? (frame[2 * b + 1] as number) : 0,
          Number(b === 3),
        ]);
      }
      // two frames at a time: as many as the buffers hold
      for (let i = 0; i < (f % 2 === 0 ? 0 : 80); i++) {
        vectors.push({
          write_enable: 0,
          write_end: 0,
          m_axis_tready: Number(random.unit() < ready),
        });
      }
    }
    const out = await block.run(vectors);
    const beats = out
      .filter((o, i) => i > 0 && o.m_axis_tvalid === 1n && tready(vectors, i) === 1)
      .map((o) => {
        const data = o.m_axis_tdata as bigint;
        return [BigInt.asIntN(24, data), BigInt.asIntN(24, data >> 24n), o.m_axis_tlast].map(
          Number,
        );
      });
    const differing = expected.filter((e, i) => e.some((v, k) => v !== beats[i]?.[k])).length;
    return differing + Math.abs(beats.length - expected.length);
  }
  const tready = (vectors: readonly Record<string, bigint | number>[], at: number): number => {
    for (let i = at; i >= 0; i--)
      if (vectors[i]?.m_axis_tready !== undefined) return Number(vectors[i]?.m_axis_tready);
    return 0;
  };
  const pack = (values: readonly number[]): bigint =>
    values.reduce((word, v, i) => word | (BigInt.asUintN(18, BigInt(v)) << BigInt(18 * i)), 0n);

  test.each([1, 0.6, 0.25])(
    'loses no value when the sink is ready with probability %f',
    async (ready) => {
      expect(await wrong(ready)).toBe(0);
    },
  );

  test('the check fails when the queue is not kept from overflowing', async () => {
    expect(await wrong(0.25, edit(/wire room = .*;/, "wire room = 1'b1;"))).toBeGreaterThan(0);
  });

  test('the check fails when unused lanes show what is behind them', async () => {
    expect(await wrong(1, edit(/wire used = .*;/, "wire used = 1'b1;"))).toBeGreaterThan(0);
  });
});

describe('frame output with marks', () => {
  const c = configuration({
    ...{ streamLanes: 1, cellLanes: 1, outputLayer: false, outRows: 2, outputBeats: 2 },
    emit: 'last',
  });

  test('every beat has those of its frame', async () => {
    const firsts = [1, 0, 0, 1, 1, 0];
    const marks = async (mutate?: (text: string) => string) => {
      const module = frameOutput(c, actMemory('dut', ram('dut')));
      const block = await blockUnderTest(module, mutate);
      const idle = { write_enable: 0, write_end: 0, write_first: 0 };
      // two frames at a time, with the mark of none while nothing is written
      const vectors = firsts.flatMap((first, f) => [
        ...[0, 1].map((end) => ({ rst: 0, write_enable: 1, write_end: end, write_first: first })),
        ...Array.from({ length: f % 2 === 0 ? 0 : 12 }, () => idle),
      ]);
      const reset = { rst: 1, last_beat: 1, last_lanes: 1, m_axis_tready: 1 };
      const out = await block.run([reset, ...vectors]);
      return out.slice(1).flatMap((o) => (o.m_axis_tvalid === 1n ? [Number(o.m_axis_tuser)] : []));
    };
    const due = firsts.flatMap((first) => [2 + first, 2 + first]);
    expect(await marks()).toEqual(due);
    expect(await marks(edit(/asked_first <= .*;/, 'asked_first <= firsts[0];'))).not.toEqual(due);
  });
});

describe('busy counter', () => {
  test('counts from the first beat in to the last beat out', async () => {
    const block = await blockUnderTest(busyCounter('dut'));
    const out = await block.run([
      { rst: 1 },
      { rst: 0 },
      { receiving: 1 },
      { receiving: 0, committed: 1 },
      { committed: 0 },
      { sent: 1 },
      { sent: 0 },
      {},
    ]);
    expect(out.map((o) => Number(o.busy)).slice(1)).toEqual([0, 1, 0, 1, 1, 0, 0]);
    expect(Number(out.at(-1)?.cycles)).toBe(3);
  });

  test('counts a frame without outputs, also one that ends when another one is sent and a third comes', async () => {
    const vectors = [
      { rst: 1 },
      { rst: 0, committed: 1 },
      { committed: 1 },
      { committed: 1, sent: 1, dropped: 1 },
      { committed: 0, sent: 0, dropped: 1 },
      { dropped: 0 },
    ];
    const busy = async (mutate?: (text: string) => string) => {
      const out = await (await blockUnderTest(busyCounter('dut', 'last'), mutate)).run(vectors);
      return out.map((o) => Number(o.busy)).slice(1);
    };
    expect(await busy()).toEqual([0, 1, 1, 1, 0]);
    expect(await busy(edit(/, dropped\}/, ', dropped && !sent}'))).not.toEqual([0, 1, 1, 1, 0]);
  });
});
