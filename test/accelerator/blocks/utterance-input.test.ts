import { describe, expect, test } from 'vitest';
import { utteranceInput } from '../../../generator/accelerator/stream/utterance-input.js';
import { Random } from '../../../generator/base/random.js';
import { blockConfiguration } from '../../support/block.js';
import { type Mutations, withMutants } from '../../support/mutants.js';
import type { InputVector, OutputVector } from '../../support/verilated-block.js';

const SEED = 11;
/** Beats from one frame to the next in the memory: a power of two. */
const STRIDE = 4;
const TOP = 65535;

const blockOf = (beats: number, maxFrames: number) =>
  utteranceInput(
    blockConfiguration({
      ...{ streamLanes: 1, tileColumns: 1, xRows: Math.max(beats, 3), inputBeats: beats },
      ...{ order: 'sequence', maxFrames },
    }),
  );

/** A frame as it comes: its beats, and the marks of its first one. */
interface Sent {
  readonly beats: number;
  readonly first: boolean;
  readonly last: boolean;
}

/** What has to be seen in a cycle. */
interface Due {
  readonly ready: number;
  readonly committed: number;
  readonly waits: number;
  readonly receiving: number;
  readonly errors: number;
  /** Of the oldest utterance that waits: its frames. */
  readonly frames: number | null;
  /** Of an utterance that is freed in this cycle: its buffer and its values. */
  readonly held: { readonly buffer: number; readonly values: readonly number[] } | null;
}

interface Play {
  readonly vectors: readonly InputVector[];
  readonly due: readonly Due[];
  /** Utterances committed, and what was discarded. */
  readonly committed: number;
  readonly errors: number;
}

/**
 * Sends frames with gaps, takes utterances and frees their buffers at random, and says what follows from the frames alone: which
 * utterances are whole, what they hold and how many are discarded.
 */
function play(
  frames: readonly Sent[],
  { beats, maxFrames }: { readonly beats: number; readonly maxFrames: number },
  random: Random,
): Play {
  const vectors: InputVector[] = [{ rst: 1, last_beat: beats - 1 }];
  const due: (Due | null)[] = [null];
  let open: number[][] | null = null;
  let spoilt = false;
  let receiving = 0;
  let errors = 0;
  let committed = 0;
  const waiting: { buffer: number; values: readonly number[] }[] = [];
  const started: typeof waiting = [];
  let done: (typeof waiting)[number] | null = null;

  /** One cycle, in which a beat may be on offer; whether it is taken. */
  const cycle = (beat: InputVector | null, taken: () => void): boolean => {
    const ready = waiting.length + started.length < 2;
    const start = waiting.length > 0 && started.length === 0 && random.below(3) === 0;
    const free = started.length > 0 && random.below(4) === 0;
    const before = { receiving, errors, committed, waits: waiting.length };
    const frames = (waiting[0]?.values.length ?? 0) / beats;
    const held = free ? (started[0] as (typeof started)[number]) : null;
    vectors.push({
      rst: 0,
      s_axis_tvalid: Number(beat !== null),
      ...(beat ?? { s_axis_tdata: random.below(256), s_axis_tlast: 1, s_axis_tuser: 3 }),
      frame_start: Number(start),
      freed: Number(free),
    });
    if (start) started.push(waiting.shift() as (typeof waiting)[number]);
    if (free) started.shift();
    done = null;
    if (beat !== null && ready) taken();
    if (done !== null) waiting.push(done);
    due.push({
      ...{ ready: Number(ready), committed: committed - before.committed },
      ...{ waits: Number(before.waits > 0), receiving: before.receiving },
      ...{ errors: Math.min(TOP, before.errors), held },
      frames: before.waits > 0 ? frames : null,
    });
    return beat !== null && ready;
  };

  for (const sent of frames) {
    const values = Array.from({ length: sent.beats }, () => random.below(128));
    for (const [b, value] of values.entries()) {
      const [opens, ends] = [b === 0, b === sent.beats - 1];
      const marks = (sent.first ? 1 : 0) | (sent.last ? 2 : 0);
      const beat = {
        s_axis_tdata: value,
        s_axis_tlast: Number(ends),
        // on later beats they do not count
        s_axis_tuser: opens ? marks : random.below(4),
      };
      const taken = () => {
        receiving = 1;
        if (opens && sent.first) {
          if (open !== null && !spoilt) errors++;
          open = null;
          spoilt = false;
        }
        if (!ends) return;
        open ??= [];
        open.push(values);
        const wrong = values.length !== beats || (!sent.last && open.length === maxFrames);
        if (wrong && !spoilt) {
          spoilt = true;
          errors++;
        }
        if (!sent.last) return;
        if (!spoilt) done = { buffer: committed++ % 2, values: open.flat() };
        open = null;
        spoilt = false;
        receiving = 0;
      };
      while (random.below(4) === 0) cycle(null, () => undefined);
      for (let tries = 0; tries < 1000 && !cycle(beat, taken); tries++);
    }
  }
  for (let n = 0; n < 40; n++) cycle(null, () => undefined);
  return { vectors, due: due as Due[], committed, errors };
}

/** Cycles in which something is not as it has to be. */
function wrongCycles(
  { vectors, due }: Play,
  beats: number,
  maxFrames: number,
): (out: readonly OutputVector[]) => number {
  const lanes = (values: readonly number[], buffer: number) =>
    values.map((value, i): readonly [number, number] => [
      STRIDE * (buffer * maxFrames + Math.floor(i / beats)) + (i % beats),
      value,
    ]);
  return (out) => {
    const memory = new Map<number, number>();
    let wrong = 0;
    for (const [n, seen] of out.entries()) {
      const expected = due[n];
      if (!expected || vectors[n]?.rst === 1) continue;
      const shown: readonly (readonly [string, number])[] = [
        ['s_axis_tready', expected.ready],
        ['committed', expected.committed],
        ['frame_ready', expected.waits],
        ['receiving', expected.receiving],
        ['error', Number(expected.errors > 0)],
        ['error_count', expected.errors],
        ...(expected.frames === null ? [] : ([['frame_last', expected.frames - 1]] as const)),
      ];
      const kept = expected.held === null ? [] : lanes(expected.held.values, expected.held.buffer);
      const differs =
        shown.some(([port, value]) => Number(seen[port]) !== value) ||
        kept.some(([address, value]) => memory.get(address) !== value);
      if (differs) wrong++;
      if (seen.write_enable === 1n) {
        memory.set(Number(seen.write_address), Number(seen.write_data));
      }
    }
    return wrong;
  };
}

const MUTATIONS: Mutations = {
  'takes a spoilt utterance': edited(/wire spoilt_now = .*;/, "wire spoilt_now = 1'b0;"),
  'keeps what spoilt the utterance before': edited(/spoilt && !fresh;/, 'spoilt;'),
  'counts a spoilt one that is cut off': edited(/begun && !spoilt;/, 'begun;'),
  'does not see that one is cut off': edited(/wire cut = .*;/, "wire cut = 1'b0;"),
  'sees no frame of another length': edited(/wire wrong = .*;/, "wire wrong = 1'b0;"),
  'takes a frame that is too long': edited("overrun <= 1'b1", "overrun <= 1'b0"),
  'sees no utterance that is too long': edited(/wire long = .*;/, "wire long = 1'b0;"),
  'has room for one frame less': edited('frame_now == LAST', "frame_now + 1'b1 == LAST"),
  'writes what is discarded': edited('accept && !overrun && !spoilt_now', 'accept'),
  'starts no utterance anew': edited('wire fresh = first && s_axis_tuser[0]', "wire fresh = 1'b0"),
  'looks at marks of later beats': edited('first ? s_axis_tuser[1] :', '1 ? s_axis_tuser[1] :'),
  'counts two errors once': edited(" + {{16{1'b0}}, cut};", '; wire unused_cut = cut;'),
  'mixes up both last frames': edited('oldest ? upper_last', '!oldest ? upper_last'),
  'writes one buffer alone': edited('write_upper <= !write_upper', "write_upper <= 1'b0"),
  'takes a third utterance': edited("held != 2'd2", "held != 2'd3"),
};

function edited(from: string | RegExp, to: string) {
  return { module: '_utterance_input', from, to };
}

/** Utterances of all kinds, right ones among them. */
function drawn(random: Random, beats: number, maxFrames: number, count: number): Sent[] {
  const wrongLengths = [beats - 1, beats + 1, 2 * beats, 2 * beats + 1, beats + STRIDE].filter(
    (n) => n > 0 && n !== beats,
  );
  const sent: Sent[] = [];
  let unfinished = false;
  for (let u = 0; u < count; u++) {
    const kind = random.below(6);
    const frames =
      kind === 0
        ? maxFrames + random.between(1, 3)
        : random.below(3) === 0
          ? maxFrames
          : random.between(1, maxFrames);
    const odd = kind === 1 || kind === 2 ? random.below(frames) : -1;
    const ends = kind !== 3 && !(kind === 2 && random.below(2) === 0);
    for (let f = 0; f < frames; f++) {
      sent.push({
        beats: f === odd ? (wrongLengths[random.below(wrongLengths.length)] as number) : beats,
        first: f === 0 && (unfinished || random.below(2) === 0),
        last: ends && f === frames - 1,
      });
    }
    unfinished = !ends;
  }
  return sent;
}

describe('utterance input', () => {
  test.each([
    [3, 5],
    [1, 2],
    [4, 1],
    [2, 4],
  ])(
    'takes utterances of %i beats a frame and at most %i frames whole, or discards and counts them',
    async (beats, maxFrames) => {
      const random = new Random(SEED + 10 * beats + maxFrames);
      const frames = drawn(random, beats, maxFrames, 400);
      const played = play(frames, { beats, maxFrames }, random);
      expect(played.committed).toBeGreaterThan(100);
      expect(played.errors).toBeGreaterThan(100);
      // with frames of one beat none ends too early, and an utterance of one frame has none behind its first
      const seen = beats > 2 && maxFrames > 1 ? MUTATIONS : {};
      const block = await withMutants(blockOf(beats, maxFrames), seen);
      await block.check(played.vectors, wrongCycles(played, beats, maxFrames));
    },
  );

  test('counts two errors in one cycle, and stays at the top', async () => {
    const [beats, maxFrames] = [2, 3];
    const wrong: Sent = { beats: 1, first: false, last: true };
    const good: Sent = { beats, first: true, last: false };
    // one that lacks its last frame, cut off by one that is wrong at once
    const both = [good, { ...wrong, first: true }];
    const frames = [...both, ...Array.from({ length: TOP - 3 }, () => wrong), ...both, ...both];
    const quick = { below: (n: number) => n - 1 } as Random;
    const played = play(frames, { beats, maxFrames }, quick);
    expect(played.errors).toBe(TOP + 3);
    expect(played.due.at(-1)?.errors).toBe(TOP);
    const { 'counts two errors once': once } = MUTATIONS as Required<typeof MUTATIONS>;
    const block = await withMutants(blockOf(beats, maxFrames), {
      ...(once && { 'counts two errors once': once }),
      'begins again at the top': edited("errors_next[16] ? 16'd65535 : ", ''),
    });
    await block.check(played.vectors, wrongCycles(played, beats, maxFrames));
  });
});
