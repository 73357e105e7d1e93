import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { silentProgress } from '../../generator/base/progress.js';
import { cosimulate } from '../../generator/cosim/cosimulate.js';
import { frameBuffers } from '../../generator/cosim/driver/buffers.js';
import { randomFrames } from '../../generator/cosim/driver/random-frames.js';
import { budgetOf } from '../../generator/cosim/protocol/budget.js';
import { planProtocol } from '../../generator/cosim/protocol/run.js';
import { wrongLengths } from '../../generator/cosim/protocol/traffic.js';
import { type MockFault, MockReference, mockDesign } from './support/mock.js';

/** The protocol pass of the mock core; the passes before it must not see the fault. */
async function complaintsOf(kind: MockFault['kind'], seed = 3): Promise<readonly string[]> {
  const design = await mockDesign({ kind });
  const result = await cosimulate({
    design,
    frames: randomFrames({ frames: 6, inputs: design.inputs, bits: 13, seed }),
    reference: new MockReference(),
    stalls: { gap: 0, pause: 0 },
    protocol: { reference: new MockReference(), inputBits: 13 },
    seed,
    waveFile: '',
    waves: 'never',
    progress: silentProgress,
  });
  await rm(design.directory, { recursive: true });
  expect([result.firstMismatch, result.complaints]).toEqual([null, []]);
  return result.protocol?.complaints ?? [];
}

describe('the protocol pass', () => {
  it.each([
    ['a state that outlives reset', 'stateOutlivesReset', /frame 0, layer 0, row 0, sum of gate i/],
    ['a counter that outlives reset', 'errorCountOutlivesReset', /error_count must be 0/],
    ['a counter that wraps', 'errorCountWraps', /error_count must be 65535, is 0/],
    ['tuser inside a frame', 'lateTuserCounts', /expected -?\d+, got -?\d+/],
    ['a lost tuser', 'tuserOfWrongFrameLost', /expected -?\d+, got -?\d+/],
    ['another time after reset', 'lateAfterReset', /came 4 cycles after reset, 3 before/],
    ['a lane that does not count', 'unusedInputLaneCounts', /expected -?\d+, got -?\d+/],
    ['a frame too long by a beat', 'longFrameTaken', /busy must be 0, is 1|error must be 1, is 0/],
    ['a frame that outlives reset', 'frameOutlivesReset', /must be 0|no frame is inside/],
  ] as const)('notices %s', async (_, kind, text) => {
    const complaints = await complaintsOf(kind);
    expect(complaints[0]).toMatch(text);
    expect(complaints[0]).toMatch(
      /^life \d+ \(.*\) after (the first reset|rst for .*): .* \(cycle \d+\)$/,
    );
  });

  it('is the same for the same seed, and another for another one', async () => {
    const design = await mockDesign();
    const plan = (seed: number) => {
      const { lives, tapes } = planProtocol({
        ...{ design, seed, inputBits: 13, reference: new MockReference() },
      });
      return lives.slice(0, 20).map((life) => [life, [...life.operations(tapes[0] as never)]]);
    };
    expect(JSON.stringify(plan(1))).toBe(JSON.stringify(plan(1)));
    expect(JSON.stringify(plan(2))).not.toBe(JSON.stringify(plan(1)));
    await rm(design.directory, { recursive: true });
  });
});

it('wrong frames are of every length that a counter of beats may take for right', () => {
  expect(wrongLengths(1)).toEqual([2, 3]);
  expect(wrongLengths(2)).toEqual([1, 3, 4]);
  expect(wrongLengths(6)).toEqual([1, 5, 7, 12, 14]);
});

it('a core holds a frame less where its x buffer is not free before an output buffer is', () => {
  expect(
    frameBuffers([{ columns: [8, 8], rowGroupSets: 4, ahead: 1, gatesInTurn: 1, readsInput: true }])
      .inside,
  ).toBe(4);
  expect(
    frameBuffers([{ columns: [8, 8], rowGroupSets: 4, ahead: 4, gatesInTurn: 1, readsInput: true }])
      .inside,
  ).toBe(5);
  expect(
    frameBuffers([
      { columns: [8, 8], rowGroupSets: 4, ahead: 1, gatesInTurn: 1, readsInput: true },
      { columns: [8, 8], rowGroupSets: 1, ahead: 0, gatesInTurn: 1, readsInput: false },
    ]).inside,
  ).toBe(5);
  // both passes of a GRU with the reset before the product read the input
  const pass = { columns: [9, 9], rowGroupSets: 4, gatesInTurn: 1, readsInput: true };
  const passes = [
    { ...pass, ahead: 1 },
    { ...pass, ahead: 2 },
  ];
  expect(frameBuffers(passes).inside).toBe(4);
});

it('a large design gets few cycles beside its other passes, and resets all the same', async () => {
  const mock = await mockDesign();
  const predicted = { cyclesPerFrame: 9000, latencyCycles: 9100, silentCycles: null };
  const large = { ...mock, macs: 1024, predicted };
  const { cycles, resets } = budgetOf(large);
  expect(cycles).toBeLessThan(40 * 9000);
  expect(resets).toBeGreaterThanOrEqual(5);
  await rm(mock.directory, { recursive: true });
});
