import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentProgress } from '../../generator/base/progress.js';
import { type CosimResult, cosimulate } from '../../generator/cosim/cosimulate.js';
import { randomFrames } from '../../generator/cosim/driver/random-frames.js';
import { type MockFault, MockReference, mockDesign } from './support/mock.js';

interface Run {
  readonly frames?: number;
  readonly stall?: number;
  readonly waves?: boolean;
  readonly protocol?: boolean;
}

async function run(
  fault?: MockFault,
  { frames = 12, stall = 0, waves = false, protocol = false }: Run = {},
) {
  const design = await mockDesign(fault);
  const sequence = randomFrames({ frames, inputs: design.inputs, bits: 13, seed: 5 });
  const outputs: number[][] = [];
  const result = await cosimulate({
    design,
    frames: sequence,
    reference: new MockReference(),
    stalls: { gap: stall, pause: stall },
    protocol: protocol ? { reference: new MockReference(), inputBits: 13 } : null,
    seed: 7,
    waveFile: path.join(design.directory, 'mock.fst'),
    waves: waves ? 'always' : 'faults',
    progress: silentProgress,
    onOutputs: (_, hardware) => outputs.push([...hardware]),
  });
  const waveFile = result.waveFile !== null && existsSync(result.waveFile);
  await rm(design.directory, { recursive: true });
  return { ...result, outputs, waveFile };
}

const total = (result: Pick<CosimResult, 'comparisons'>, what: 'compared' | 'mismatches') =>
  result.comparisons.reduce((sum, comparison) => sum + comparison[what], 0);

describe('co-simulation of a correct core', () => {
  it('compares every value and measures the cycles', async () => {
    const result = await run();
    expect(result.firstMismatch).toBeNull();
    expect(result.complaints).toEqual([]);
    expect(total(result, 'compared')).toBe(12 * (6 * 5 + 6 * 3 + 3));
    expect(total(result, 'mismatches')).toBe(0);
    expect(result.steady).toEqual({ cyclesPerFrame: 10, least: 10, most: 10 });
    expect(result.latencyCycles).toBe(7);
    expect(result.outputs).toHaveLength(12);
  });

  it('measures the cycles of a single frame too', async () => {
    const result = await run(undefined, { frames: 1 });
    expect(result.steady?.cyclesPerFrame).toBe(10);
    expect(result.comparisons.map((t) => t.compared)).toEqual([20, 5, 5, 12, 3, 3, 3]);
  });

  it('gives the same values under stalls, and no cycles', async () => {
    const [plain, stalled] = [await run(), await run(undefined, { stall: 0.4 })];
    expect(stalled.outputs).toEqual(plain.outputs);
    expect(total(stalled, 'mismatches')).toBe(0);
    expect(stalled.complaints).toEqual([]);
    expect([stalled.steady, stalled.latencyCycles]).toEqual([null, null]);
    expect(stalled.simCycles).toBeGreaterThan(130);
  });

  it('finds nothing wrong with resets and wrong frames in operation', async () => {
    const { protocol } = await run(undefined, { protocol: true });
    expect(protocol?.complaints).toEqual([]);
    expect(protocol?.resets).toBeGreaterThan(100);
    expect(protocol?.wrongFrames).toBeGreaterThan(65_536);
  });

  it('writes a waveform when asked', async () => {
    expect((await run(undefined, { waves: true })).waveFile).toBe(true);
  });
});

describe('co-simulation of a faulty core', () => {
  it('locates a wrong sum and leaves a waveform', async () => {
    const result = await run({ kind: 'wrongSum', frame: 2, layer: 1, row: 1 });
    const { firstMismatch: found } = result;
    expect(found).toMatchObject({ frame: 2, layer: 1, row: 1, tensor: 'sums', gate: 'g' });
    expect(found?.actual).toBe((found?.expected as number) + 1);
    expect(total(result, 'mismatches')).toBe(1);
    expect(result.waveFile).toBe(true);
  });

  it('locates a wrong h, and counts all that follows from it', async () => {
    const result = await run({ kind: 'wrongH', frame: 3, layer: 0, row: 4 });
    expect(result.firstMismatch).toMatchObject({ frame: 3, layer: 0, row: 4, tensor: 'h' });
    expect(result.firstMismatch?.gate).toBeNull();
    expect(total(result, 'mismatches')).toBeGreaterThan(1);
  });

  it('locates a wrong output', async () => {
    const result = await run({ kind: 'wrongOutput', frame: 11, row: 2 });
    expect(result.firstMismatch).toMatchObject({ frame: 11, layer: null, row: 2 });
    expect(result.firstMismatch?.tensor).toBe('outputs');
    expect(total(result, 'mismatches')).toBe(1);
  });

  it('locates a dropped frame', async () => {
    const result = await run({ kind: 'droppedFrame', frame: 4 });
    expect(result.firstMismatch).toMatchObject({ frame: 4, layer: 0, row: 0, tensor: 'sums' });
    expect(total(result, 'compared')).toBe(11 * 51);
  });

  it('locates a dropped last frame, which nothing contradicts', async () => {
    const result = await run({ kind: 'droppedFrame', frame: 11 });
    expect(result.firstMismatch).toMatchObject({ frame: 11, layer: 0, row: 0, actual: null });
    expect(total(result, 'mismatches')).toBe(51);
  });

  it('ends a hang', async () => {
    const result = await run({ kind: 'hang', frame: 6 });
    expect(result.complaints).toHaveLength(1);
    expect(result.complaints[0]).toMatch(/hangs/);
    expect(result.firstMismatch).toMatchObject({ frame: 6, layer: 0, row: 0, actual: null });
    expect(total(result, 'mismatches')).toBe(6 * 51);
  });

  it('ends a core that traces for ever', async () => {
    const { complaints } = await run({ kind: 'tracesForEver', frame: 3 });
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toMatch(
      /^the hardware hangs: no beat on either stream for 1034 cycles with m_axis_tready high, .* 1 frame inside \(cycle 1\d\d\d, 4 frames in, 3 out\)$/,
    );
  });

  it('ends an output that does not end', async () => {
    const { complaints, simCycles } = await run({ kind: 'endlessOutput', frame: 3 });
    expect(complaints[0]).toMatch(/m_axis_tlast must be 1, is 0/);
    expect(simCycles).toBeLessThan(10_000);
  });

  it('notices a row that is not traced', async () => {
    const result = await run({ kind: 'untracedRow', frame: 1, layer: 0, row: 2 });
    expect(result.firstMismatch).toMatchObject({ frame: 1, layer: 0, row: 2, actual: null });
    expect(total(result, 'mismatches')).toBe(2 * 6);
  });

  it('notices a frame too many', async () => {
    const result = await run({ kind: 'surplusFrame', frame: 11 });
    expect(result.firstMismatch).toMatchObject({ frame: 12, tensor: 'outputs', expected: null });
  });

  it('notices what is in lanes that carry no value', async () => {
    const result = await run({ kind: 'garbageInUnusedLane' });
    expect(result.firstMismatch).toMatchObject({ row: 3, tensor: 'outputs', expected: 0 });
    expect(total(result, 'mismatches')).toBeGreaterThan(1);
  });

  it('notices a beat of zeros too many', async () => {
    const result = await run({ kind: 'lateLast', frame: 11 });
    expect(result.firstMismatch).toMatchObject({ frame: 11, row: 4, tensor: 'outputs' });
    expect(result.firstMismatch).toMatchObject({ expected: null, actual: 0 });
  });

  it('notices an output that does not wait under back-pressure', async () => {
    const result = await run({ kind: 'unstableOutput' }, { stall: 0.5 });
    expect(result.complaints.join()).toMatch(/changed or vanished/);
  });

  it.each([
    ['tlast a beat early', 'tlastEarly', /m_axis_tlast must be 0, is 1/],
    ['busy a cycle too long', 'busyTooLong', /busy must be 0, is 1/],
    ['readiness in reset', 'readyInReset', /s_axis_tready must be 0 while rst is 1/],
  ] as const)('notices %s', async (_, kind, text) => {
    expect((await run({ kind })).complaints.join('\n')).toMatch(text);
  });

  it('notices a cycle counter that is off', async () => {
    const result = await run({ kind: 'cyclesOff' });
    expect(result.complaints.join()).toMatch(/cycles must be/);
  });

  it('notices a traced layer that does not exist', async () => {
    const result = await run({ kind: 'strangeLayer', frame: 0 });
    expect(result.complaints.join()).toMatch(/layer that does not exist/);
  });

  it('measures a core that takes another number of cycles', async () => {
    expect((await run({ kind: 'slow' })).steady?.cyclesPerFrame).toBe(11);
  });
});
