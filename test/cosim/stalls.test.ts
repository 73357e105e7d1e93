import { describe, expect, it } from 'vitest';
import { type Configuration, planDesign } from '../../generator/accelerator/index.js';
import { Random } from '../../generator/base/random.js';
import { fillCycles } from '../../generator/cosim/driver/bounds.js';
import { stallPhases } from '../../generator/cosim/driver/stall-phases.js';
import { randomModel } from '../../generator/network/random.js';
import { simulate } from '../support/simulate.js';
import { mockDesign } from './support/mock.js';

const words = { weight: 6, activation: 13, cell: 16, bias: 16 };
const patterns = [{ kind: 'hcgs' as const, blocks: [4], keep: [{ k: 1, n: 2 }] }];

/** Name, inputs, cells, outputs (0: h), MACs, values per beat. */
const shapes = [
  ['frames longer in than out', 40, [8], 3, 64, 1],
  ['frames as long in as out', 8, [8], 0, 64, 1],
  ['frames shorter in than out', 3, [8, 8], 9, 16, 1],
  ['frames of one beat', 4, [4, 4], 4, 64, 4],
] as const;

/** The design with output buffers that nobody waits for. */
function withoutWait(file: string, text: string): string {
  if (!file.endsWith('_sequencer.v')) return text;
  const changed = text.replace(/(wire output_wait =)[^;]*;/, "$1 1'b0;");
  expect(changed).not.toBe(text);
  return changed;
}

describe.each(shapes)(
  'output buffers that overflow: %s',
  (_, inputs, hidden, outputs, macs, streamLanes) => {
    const model = randomModel({
      ...{ inputs, hidden: [...hidden], patterns, sharing: 'shared', outputs, words, seed: 5 },
    });
    const { configuration }: { readonly configuration: Configuration } = planDesign(model, {
      ...{ name: 'overflowing', macs, streamLanes },
    });
    const broken = { frames: 20, mutate: withoutWait };

    it('differ under stalls, and in a run without any', async () => {
      const stalled = await simulate(configuration, model, { ...broken, stall: 0.3 });
      expect(stalled.firstMismatch ?? stalled.complaints[0] ?? null).not.toBeNull();
      const plain = await simulate(configuration, model, { ...broken, protocol: true });
      expect([plain.firstMismatch, plain.complaints]).toEqual([null, []]);
      expect(plain.protocol?.complaints).not.toEqual([]);
    });
  },
);

describe('stalls', () => {
  it('last until the core is full, while input flows, and until it is empty', async () => {
    const design = await mockDesign();
    const frame = { kind: 'beats', bytes: new Uint8Array(3 * 5) } as const;
    const seed = new Random(1).uint32();
    const both = [...stallPhases(design, { gap: 0.3, pause: 0.2 }, seed, Array(30).fill(frame))];
    const pauses = both.flatMap((o, at) => (o.kind === 'pause' ? [{ at, cycles: o.cycles }] : []));
    expect(pauses.length).toBeGreaterThan(1);
    for (const { at, cycles } of pauses.slice(0, -1)) {
      expect(cycles).toBeGreaterThanOrEqual(fillCycles(design));
      expect(both[at - 1]).toEqual({ kind: 'stall', gap: 0, pause: 0.2 });
      expect(both.slice(at + 1, at + 2 + design.buffers.inside)).toEqual(
        Array(1 + design.buffers.inside).fill(frame),
      );
    }
    expect(both.filter(({ kind }) => kind === 'idle').length).toBeGreaterThan(1);
    const bytes = both.reduce((sum, o) => sum + (o.kind === 'beats' ? o.bytes.length : 0), 0);
    expect(bytes).toBe(30 * frame.bytes.length);

    const gaps = [...stallPhases(design, { gap: 0.3, pause: 0 }, seed, Array(30).fill(frame))];
    expect(gaps.map(({ kind }) => kind)).not.toContain('pause');
    const pausesOnly = [
      ...stallPhases(design, { gap: 0, pause: 0.3 }, seed, Array(30).fill(frame)),
    ];
    expect(pausesOnly.map(({ kind }) => kind)).not.toContain('idle');
  });
});
