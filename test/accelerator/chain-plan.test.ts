import { describe, expect, test } from 'vitest';
import { chooseCuts, type PartCost } from '../../generator/accelerator/chain/choose.js';
import { checkHardwareContract } from '../../generator/accelerator/chain/contract.js';
import { buildHardwareImages } from '../../generator/accelerator/chain/placed.js';
import {
  emitVerilog,
  engineCuts,
  placeOn,
  planChain,
  planDesign,
  planHardware,
} from '../../generator/accelerator/index.js';
import { Random } from '../../generator/base/random.js';
import { partsOf } from '../../generator/network/parts.js';
import { DRAWN_CELLS, type RandomOptions, randomModel } from '../../generator/network/random.js';
import { lint } from '../support/lint.js';
import { refusal } from '../support/refusal.js';

const base = {
  inputs: 6,
  patterns: [null],
  sharing: 'shared',
  outputs: 0,
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  seed: 1,
} as const;
const network = (own: Partial<RandomOptions> & Pick<RandomOptions, 'hidden'>) =>
  randomModel({ ...base, ...own });

/** Every way to take `count` of `places`, ascending. */
function choices(places: readonly number[], count: number): readonly (readonly number[])[] {
  if (count === 0) return [[]];
  return places.flatMap((place, n) =>
    choices(places.slice(n + 1), count - 1).map((rest) => [place, ...rest]),
  );
}

describe('cuts are chosen', () => {
  test('such that the slowest engine is fastest, then for the latency: as the best of all ways', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = new Random(seed);
      const length = random.between(2, 7);
      const places = Array.from({ length: length - 1 }, (_, n) => n + 1).filter(
        () => random.below(5) > 0,
      );
      const engines = random.between(2, Math.max(2, places.length + 1));
      const costs = new Map<string, PartCost | null>();
      const costOf = (from: number, past: number, engine: number) => {
        const key = `${from} ${past} ${engine}`;
        const drawn = {
          cyclesPerFrame: random.between(1, 6),
          latencyCycles: random.between(1, 40),
        };
        const cost = costs.get(key) ?? (random.below(6) === 0 ? null : drawn);
        if (!costs.has(key)) costs.set(key, cost);
        return costs.get(key) ?? null;
      };
      const rank = (cuts: readonly number[]): readonly [number, number] | null => {
        const ends = [...cuts, length];
        const parts = ends.map((past, k) => costOf(cuts[k - 1] ?? 0, past, k));
        if (parts.some((part) => part === null)) return null;
        const own = parts as readonly PartCost[];
        return [
          Math.max(...own.map((p) => p.cyclesPerFrame)),
          own.reduce((sum, p) => sum + p.latencyCycles, 0),
        ];
      };
      const ranks = choices(places, engines - 1).flatMap((cuts) => {
        const own = rank(cuts);
        return own === null ? [] : [own];
      });
      ranks.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      const chosen = chooseCuts(places, length, engines, costOf);
      expect(chosen === null ? undefined : rank(chosen), `seed ${seed}`).toEqual(ranks[0]);
    }
  });

  test('of networks by the cycles of each part as a design of its own', () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const random = new Random(seed);
      const hidden = Array.from({ length: 4 }, () => random.between(4, 40));
      const cell = hidden.map(() => DRAWN_CELLS[random.below(DRAWN_CELLS.length)] ?? 'lstm');
      const model = network({ cell, hidden, outputs: random.below(2) * 7, seed });
      const [macs, engines] = [16, random.between(2, 3)];
      const cyclesOf = (cuts: readonly number[]) =>
        Math.max(
          ...partsOf(model, cuts).map(
            (part) => planDesign(part, { name: 'x', macs }).prediction.cyclesPerFrame,
          ),
        );
      const best = Math.min(...choices(engineCuts(model), engines - 1).map(cyclesOf));
      const { prediction, cuts } = planChain(model, { name: 'x', macs }, engines);
      expect(prediction.cyclesPerFrame, `seed ${seed}`).toBe(best);
      expect(cyclesOf(cuts), `seed ${seed}`).toBe(best);
    }
  });
});

describe('the cycles of a chain', () => {
  test('are those of its slowest engine, and its latency is the sum', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = new Random(seed);
      const hidden = Array.from({ length: random.between(2, 4) }, () => random.between(1, 48));
      const cell = hidden.map(() => DRAWN_CELLS[random.below(DRAWN_CELLS.length)] ?? 'lstm');
      const model = network({ cell, hidden, inputs: random.between(1, 60), seed });
      const macs = 2 ** random.between(2, 7);
      const streamLanes = [undefined, 1, 2][random.below(3)];
      const engines = random.between(2, engineCuts(model).length + 1);
      const { prediction } = planChain(model, { name: 'x', macs, streamLanes }, engines);
      const own = prediction.engines;
      expect(prediction.cyclesPerFrame, `seed ${seed}`).toBe(
        Math.max(...own.map((e) => e.cyclesPerFrame)),
      );
      expect(prediction.latencyCycles, `seed ${seed}`).toBe(
        own.reduce((sum, e) => sum + e.latencyCycles, 0),
      );
    }
  });

  test('four layers of 512 at 16 times fewer weights: twice the frames of one engine', () => {
    const sparse = {
      kind: 'hcgs',
      blocks: [32, 4],
      keep: [
        { k: 4, n: 16 },
        { k: 2, n: 8 },
      ],
    } as const;
    const factor = (inputs: number) => {
      const model = network({ inputs, hidden: [512, 512, 512, 512], patterns: [sparse] });
      const one = planDesign(model, { name: 'x', macs: 64 }).prediction.cyclesPerFrame;
      const two = planChain(model, { name: 'x', macs: 64 }, 2).prediction.cyclesPerFrame;
      return one / two;
    };
    expect(factor(512)).toBeGreaterThanOrEqual(1.9);
    expect(factor(39)).toBeGreaterThanOrEqual(1.75);
  });
});

describe('engines', () => {
  const model = network({ hidden: [8, 8, 8], outputs: 5 });

  test('of which there is one are the design that there is without', () => {
    const { hardware, prediction } = planHardware(model, { name: 'x', macs: 16 }, 1);
    const alone = planDesign(model, { name: 'x', macs: 16 });
    expect(hardware).toEqual(alone.configuration);
    expect(prediction).toEqual(alone.prediction);
  });

  test.each([
    [model, 4, '1 to 3', 'in front of pass 1, 2'],
    [network({ hidden: [8] }), 2, '1', 'nowhere'],
    [network({ hidden: [8], outputs: 4 }), 2, '1', 'nowhere'],
    [network({ cell: 'gru-before', hidden: [8] }), 2, '1', 'nowhere'],
  ] as const)(
    'more than there are places to cut at are refused',
    (given, count, expected, where) => {
      const report = refusal(() => planChain(given, { name: 'x', macs: 16 }, count));
      expect(report).toMatchObject({
        code: 'DESIGN_ENGINES',
        field: '--engines',
        expected,
        got: count,
      });
      expect(report.message).toContain(where);
    },
  );

  test.each([
    [{ order: 'sequence', maxFrames: 4 }, '1 with --order sequence', '--order frames'],
    [{ streams: 2 }, '1 with --streams 2', 'one stream'],
  ] as const)('take the frames of one stream in order, not %j', (given, expected, instead) => {
    const report = refusal(() => planHardware(model, { ...given, name: 'x', macs: 16 }, 2));
    expect(report).toMatchObject({
      code: 'DESIGN_ENGINES',
      field: '--engines',
      expected,
      got: 2,
    });
    expect(report.message).toContain(instead);
  });

  test('of one stream by name, in the order of frames by name, are those of no such options', () => {
    const named = { order: 'frames', streams: 1 } as const;
    expect(planChain(model, { ...named, name: 'x', macs: 16 }, 2)).toEqual(
      planChain(model, { name: 'x', macs: 16 }, 2),
    );
  });

  test('that do not have so many multipliers are refused by name', () => {
    const report = refusal(() => planChain(model, { name: 'x', macs: 17 }, 2));
    expect(report).toMatchObject({ code: 'DESIGN_MACS', field: '--macs', got: 17 });
    expect(report.message).toMatch(/^engine e\d, passes \d to \d: 17 MACs/);
  });

  test('join streams of as many lanes, the fewest that cost nothing', () => {
    const wide = network({ cell: 'dense-relu', hidden: [64, 64], inputs: 64 });
    const { chain, prediction } = planChain(wide, { name: 'x', macs: 256 }, 2);
    const [first, second] = chain.engines;
    expect(first?.streamLanes).toBe(second?.streamLanes);
    expect(first?.streamLanes).toBeGreaterThan(1);
    const fewer = planChain(
      wide,
      { name: 'x', macs: 256, streamLanes: (first?.streamLanes as number) / 2 },
      2,
    );
    expect(fewer.prediction.cyclesPerFrame).toBeGreaterThan(prediction.cyclesPerFrame);
  });

  test('are lint clean in all tools, in both styles', async () => {
    for (const style of ['parameterized', 'specialised'] as const) {
      const { chain, cuts } = planChain(model, { name: 'x', macs: 16, style, emit: 'last' }, 3);
      const files = new Map([...emitVerilog(chain), ...buildHardwareImages(chain, model, cuts)]);
      expect(await lint(files, 'x')).toEqual({ verilator: '', iverilog: '', yosys: '' });
    }
  });
});

describe('another model on a chain', () => {
  const model = network({ hidden: [12, 8, 8], outputs: 5 });
  const { chain } = planChain(model, { name: 'x', macs: 16 }, 2);

  test('is cut where its parts fit the engines', () => {
    const other = network({ hidden: [6, 8], outputs: 5, seed: 2 });
    const { cuts } = placeOn(chain, other, { keepOrder: false });
    expect(cuts).toEqual([1]);
    expect(() => checkHardwareContract(chain, other, cuts)).not.toThrow();
  });

  test('that is too large is refused with the engine and the limit', () => {
    const larger = network({ hidden: [12, 8, 80], outputs: 5 });
    const report = refusal(() => placeOn(chain, larger, { keepOrder: false, file: 'm' }));
    expect(report.code).toBe('SHAPE_CONTRACT');
    expect(report.message).toMatch(/^engine e1: the model does not fit the design: \w+ is/);
  });

  test('that cannot be cut so often is refused', () => {
    const report = refusal(() =>
      placeOn(chain, network({ hidden: [4], outputs: 5 }), { keepOrder: false }),
    );
    expect(report.code).toBe('DESIGN_ENGINES');
  });
});
