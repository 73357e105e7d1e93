import { expect, it } from 'vitest';
import type { FrameSequence } from '../../generator/cosim/design.js';
import type { Operation } from '../../generator/cosim/driver/operations.js';
import { randomFrames } from '../../generator/cosim/driver/random-frames.js';
import type { Observation } from '../../generator/cosim/monitor/observations.js';
import type { Reference } from '../../generator/cosim/scoreboard/reference.js';
import { type CoreBench, outputsOf, statusesOf } from './core-bench.js';

export interface ProtocolSubject {
  readonly bench: CoreBench;
  readonly reference: Reference;
  readonly activationBits: number;
  /** Resets are tried at every `resetStep`-th cycle of two frames; 1 for a small core. */
  readonly resetStep?: number;
}

/**
 * Registers tests of everything a core promises about its streams beside values: utterances, wrong frames, reset at any
 * moment, error flags, busy and the cycle counter. `subject` is called inside the tests, when the core is built.
 */
export function protocolChecks(subject: () => ProtocolSubject): void {
  const setUp = (count: number) => {
    const { bench, reference, activationBits } = subject();
    const { inputs, outputs } = bench.design;
    const frames = randomFrames({ frames: count, inputs, bits: activationBits, seed: 11 });
    const values = (n: number) => frames.codes.subarray(n * inputs, (n + 1) * inputs);
    return { bench, inputs, outputs, values, golden: goldenOf(reference, frames) };
  };
  const drain: Operation = { kind: 'drain' };
  const status: Operation = { kind: 'status' };

  it('starts from zero state after reset, and at tuser on the first beat only', async () => {
    const { bench, outputs, values, golden } = setUp(2);
    const late = bench.frame(values(1));
    if (late.kind === 'beats') {
      const stride = 1 + bench.design.ports.streamLanes * bench.design.ports.xBytes;
      for (let at = stride; at < late.bytes.length; at += stride) late.bytes[at]! |= 2;
    }
    const sent = [
      bench.frame(values(0)),
      late,
      bench.frame(values(0), true),
      bench.frame(values(1)),
    ];
    const seen = await bench.run([...sent, drain]);
    const once = golden([0, 1], [true, false]);
    expect(outputsOf(seen, outputs)).toEqual([...once, ...once]);
  });

  it('discards short and long frames, raises the error flag and counts', async () => {
    const { bench, inputs, outputs, values, golden } = setUp(3);
    const long = new Int32Array(2 * inputs + 2 * bench.design.ports.streamLanes).fill(1);
    const operations: Operation[] = [bench.frame(values(0), true), drain, status];
    let wrong = 0;
    const lanes = bench.design.ports.streamLanes;
    if (inputs > lanes) {
      operations.push(bench.frame(values(1).subarray(0, lanes)), drain, status);
      wrong++;
    }
    operations.push(bench.frame(long), bench.frame(values(1)), drain, status);
    wrong++;
    const seen = await bench.run(operations);
    expect(outputsOf(seen, outputs)).toEqual(golden([0, 1], [true, false]));
    const statuses = statusesOf(seen);
    expect(statuses.map((s) => s.error)).toEqual([false, ...Array(wrong).fill(true)]);
    expect(statuses.map((s) => s.errorCount).at(-1)).toBe(wrong);
    expect(statuses.map((s) => s.busy)).not.toContain(true);
  });

  it('keeps the tuser of a wrong frame for the next good one', async () => {
    const { bench, inputs, outputs, values, golden } = setUp(2);
    const long = new Int32Array(inputs + bench.design.ports.streamLanes);
    const seen = await bench.run([
      bench.frame(values(0), true),
      bench.frame(long, true),
      bench.frame(long),
      bench.frame(values(1)),
      bench.frame(values(0)),
      drain,
    ]);
    expect(outputsOf(seen, outputs)).toEqual([
      ...golden([0], [true]),
      ...golden([1, 0], [true, false]),
    ]);
  });

  it('counts errors up to a reset, which clears flag and counters', async () => {
    const { bench, inputs, values } = setUp(1);
    const long = bench.frame(new Int32Array(inputs + bench.design.ports.streamLanes));
    const seen = await bench.run([
      ...Array<Operation>(5).fill(long),
      bench.frame(values(0)),
      drain,
      status,
      { kind: 'reset', cycles: 1, offer: false },
      status,
    ]);
    const [before, after] = statusesOf(seen);
    expect(before).toMatchObject({ error: true, errorCount: 5, busy: false });
    expect(before?.cycles).toBe(before?.busyCycles);
    expect(after).toMatchObject({ error: false, errorCount: 0, busy: false, cycles: 0 });
  });

  it('is safe to reset at every cycle of two frames', async () => {
    const { bench, outputs, values, golden } = setUp(3);
    const { resetStep = 1 } = subject();
    const span = await lifetime(bench, values(0), values(1));
    const operations: Operation[] = [];
    const delays: number[] = [];
    const after = [2, 1, 0, 2, 1, 0];
    for (let delay = 0; delay <= span; delay += resetStep) {
      delays.push(delay);
      operations.push({ kind: 'resetAfter', event: 'armed', delay, cycles: 1, offer: false });
      operations.push(bench.frame(values(0), true), bench.frame(values(1)), drain, {
        kind: 'join',
      });
      operations.push({ kind: 'mark', id: delay }, status);
      // back to back, more than the buffers hold: a counter that the reset has left wrong shows
      operations.push(...after.map((n) => bench.frame(values(n))), drain, status);
      operations.push({ kind: 'reset', cycles: 1, offer: false });
    }
    const seen = await bench.run(operations);
    const expected = golden(
      after,
      after.map((_, i) => i === 0),
    );
    for (const [i, observed] of afterMarks(seen).entries()) {
      const [idle, done] = observed.filter((o) => o.kind === 'status');
      const context = `reset ${delays[i]} cycles after the first beat`;
      expect(outputsOf(observed, outputs), context).toEqual(expected);
      expect(idle, context).toMatchObject({ busy: false, error: false, errorCount: 0, cycles: 0 });
      expect(done, context).toMatchObject({ busy: false, error: false, errorCount: 0 });
      expect(done?.cycles, context).toBe(done?.busyCycles);
    }
    expect(afterMarks(seen)).toHaveLength(delays.length);
  });
}

/** Outputs of the golden model for some frames in turn; `starts`: from zero state. */
function goldenOf(reference: Reference, { codes, inputs }: FrameSequence) {
  return (order: readonly number[], starts: readonly boolean[]): number[][] =>
    order.map((n, i) => {
      if (starts[i]) reference.reset();
      return [...reference.step(codes.subarray(n * inputs, (n + 1) * inputs)).outputs];
    });
}

/** Cycles from the first beat of two frames until the core is idle. */
async function lifetime(bench: CoreBench, a: Int32Array, b: Int32Array): Promise<number> {
  const mark = { kind: 'mark', id: 0 } as const;
  const seen = await bench.run([
    mark,
    bench.frame(a, true),
    bench.frame(b),
    { kind: 'drain' },
    mark,
  ]);
  const [from, to] = seen.flatMap((o) => (o.kind === 'mark' ? [o.cycle] : []));
  return (to as number) - (from as number);
}

/** What was seen after each mark, up to the next reset. */
function afterMarks(seen: readonly Observation[]): Observation[][] {
  return seen.flatMap((o, i) => {
    if (o.kind !== 'mark') return [];
    const end = seen.findIndex((other, j) => j > i && other.kind === 'reset');
    return [seen.slice(i, end)];
  });
}
