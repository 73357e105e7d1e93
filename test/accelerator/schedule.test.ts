import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { planDesign } from '../../generator/accelerator/index.js';
import { estimate } from '../../generator/accelerator/plan/estimate.js';
import { aheadOf, jobsOf } from '../../generator/accelerator/schedule/jobs.js';
import type { MatrixWalk, PassWalk } from '../../generator/accelerator/schedule/pass-walk.js';
import { predict, type ScheduleShape } from '../../generator/accelerator/schedule/schedule.js';
import type { Pass } from '../../generator/network/program.js';
import { randomModel } from '../../generator/network/random.js';

/** Stages of the hardware as docs/microarchitecture.md lists them, counted from the issue of a tile. */
const STAGES = {
  read: 4,
  /** With one column; each level of the adder tree adds one. */
  firstStep: 11,
  stepToRetire: 24,
  stepToHidden: 28,
  stepToSum: 3,
  queue: 4,
};

/** With a time-multiplexed lane. */
const TIME_MULTIPLEXED_STAGES = { ...STAGES, stepToRetire: 27, stepToHidden: 31, stepToSum: 6 };

const stagesFor = ({ cellCycles }: ScheduleShape) =>
  cellCycles === 1 ? STAGES : TIME_MULTIPLEXED_STAGES;

interface Tile {
  readonly layer: PassWalk;
  readonly completes: boolean;
  /** Its set goes to the lanes: where gates come in turn, with the last of them. */
  readonly toLanes: boolean;
  readonly first: boolean;
  readonly last: boolean;
  readonly firstCompleting: boolean;
  readonly ends: 'nothing' | 'layer' | 'frame';
  /** The frame reads its x no more after this tile. */
  readonly releases: boolean;
}

/** The tiles of one frame in the order of execution. */
function tilesOf(layers: readonly PassWalk[], sumSlots: number): readonly Tile[] {
  const jobs = jobsOf(layers, sumSlots);
  return layers.flatMap((layer, index) => {
    const halves = jobs.filter(({ pass }) => pass === index);
    const lastX = halves.filter((h) => h.side === 'x').at(-1);
    return halves.flatMap((half, n) => {
      const count = half.tiles;
      const completes = half.ends !== 'slot';
      const toLanes = half.ends === 'lanes';
      return Array.from({ length: count }, (_, i): Tile => {
        const last = i === count - 1;
        const layerEnd = last && n === halves.length - 1;
        const frame = layerEnd && index === layers.length - 1;
        return {
          layer,
          completes,
          toLanes,
          first: i === 0,
          last,
          firstCompleting: completes && half.set === 0 && half.gate === 0,
          ends: frame ? 'frame' : layerEnd ? 'layer' : 'nothing',
          releases: last && index === 0 && half === lastX,
        };
      });
    });
  });
}

/** Cycle by cycle, as the registers of the hardware move: cycles in which the last beat of each frame leaves. */
function simulate(
  layers: readonly PassWalk[],
  shape: ScheduleShape,
  frames: number,
  stages = stagesFor(shape),
) {
  const steps = (shape.tileRows * shape.rowGroups) / shape.cellLanes;
  const lastStepOf = ({ turns }: PassWalk) => (turns * steps - 1) * shape.cellCycles;
  const tiles = tilesOf(layers, shape.sumSlots);
  const isOutput = layers.at(-1)?.pass.cell === 'dense';
  const firstStep = stages.firstStep + Math.log2(shape.tileColumns);
  const final = layers.at(-1) as PassWalk;
  const written =
    firstStep + lastStepOf(final) + (isOutput ? stages.stepToSum : stages.stepToHidden);
  const at = { retire: new Set<number>(), freed: new Set<number>(), writeEnd: new Set<number>() };
  const input = { beat: 0, held: 0, waiting: 0 };
  const output = { ready: 0, readBeat: 0, asked: false, askedLast: false, queue: [] as boolean[] };
  let running = false;
  let place = 0;
  let fetched = true;
  let satisfied = false;
  let inFlight = 0;
  let gap = 0;
  let claimed = 0;
  const left: number[] = [];
  for (let now = 0; left.length < frames; now++) {
    if (now > 1_000_000) throw new Error('the schedule is stuck');
    // Everything below reads the registers of this cycle; the updates come at its end.
    const tile = tiles[place] as Tile;
    const { layer } = tile;
    const lastLayer = layer === layers.at(-1);
    const hold: boolean =
      (tile.completes && layer.waits && !satisfied && inFlight !== 0) ||
      (tile.toLanes && tile.last && gap !== 0) ||
      (tile.completes && lastLayer && claimed === 2) ||
      (tile.ends !== 'nothing' && !fetched);
    const issue: boolean = running && !hold;
    const frameDone: boolean = issue && tile.ends === 'frame';
    const start: boolean = input.waiting > 0 && fetched && (frameDone || !running);
    const load: boolean = start || (issue && tile.ends === 'layer');
    const completeEnd = issue && tile.toLanes && tile.last;
    const lastStep = lastStepOf(layer);
    const accept = input.held < 2;
    const committed = accept && input.beat === shape.inputBeats - 1;
    const ask = output.ready > 0 && output.queue.length + Number(output.asked) < stages.queue;
    const askLast = output.readBeat === shape.outputBeats - 1;
    const leave = output.queue.length > 0;
    const taken = leave && output.queue[0] === true;
    if (completeEnd) at.retire.add(now + firstStep + lastStep + stages.stepToRetire);
    if (issue && tile.releases) at.freed.add(now + stages.read);
    if (frameDone) at.writeEnd.add(now + written);
    if (taken) left.push(now);

    if (accept) input.beat = committed ? 0 : input.beat + 1;
    input.waiting += Number(committed) - Number(start);
    input.held += Number(committed) - Number(at.freed.has(now));
    if (load) satisfied = false;
    else if (issue && tile.completes) satisfied = true;
    fetched = !load;
    if (issue) place = (place + 1) % tiles.length;
    running = start || (running && !frameDone);
    inFlight += Number(completeEnd) - Number(at.retire.has(now));
    gap = completeEnd ? lastStep + shape.cellCycles - 1 : Math.max(0, gap - 1);
    claimed += Number(frameDone) - Number(taken);
    if (leave) output.queue.shift();
    if (output.asked) output.queue.push(output.askedLast);
    output.ready += Number(at.writeEnd.has(now)) - Number(ask && askLast);
    output.asked = ask;
    output.askedLast = askLast;
    if (ask) output.readBeat = askLast ? 0 : output.readBeat + 1;
  }
  return left;
}

/** An operand whose sets have these tiles, again and again. */
function walk(...tiles: readonly number[]): MatrixWalk {
  return { tiles: (set: number) => tiles[set % tiles.length] } as unknown as MatrixWalk;
}

/** A pass on the vector before it, the first one on the input. */
function passOf(cell: Pass['cell'], index: number): Pass {
  return { cell, operands: [{ vectors: [{ id: index }] }] } as unknown as Pass;
}

const shapes = fc
  .record({
    cells: fc.array(
      fc.tuple(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }),
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }),
        fc.constantFrom(1, 1, 3),
        fc.constantFrom(1, 1, 2),
      ),
      { minLength: 1, maxLength: 4 },
    ),
    output: fc.option(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 12 }))),
    lanes: fc.constantFrom(1, 2, 4, 8),
    cellCycles: fc.constantFrom(1, 1, 4, 18, 30),
    tileColumns: fc.constantFrom(1, 2, 4, 8, 16),
    sumSlots: fc.integer({ min: 1, max: 6 }),
    inputBeats: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 300 })),
    outputBeats: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 300 })),
  })
  .map(({ cells, output, lanes, ...rest }) => {
    const waits = output === null && cells.length <= 2;
    const lstm = cells.map(
      ([groups, x, h, gates, turns], index) =>
        ({
          ...{ index, pass: passOf('lstm', index), groups, x: walk(...x), h: walk(...h) },
          ...(index === 0 ? { first: 'x', second: 'h' } : { first: 'h', second: 'x' }),
          waits: index > 0 || waits,
          ...{ gates, turns },
        }) as PassWalk,
    );
    const last = output && {
      ...{
        index: cells.length,
        pass: passOf('dense', cells.length),
        groups: output[0],
        x: walk(output[1]),
        h: null,
      },
      ...{ first: null, second: 'x', waits: true, gates: 1, turns: 1 },
    };
    const layers = last ? [...lstm, last as PassWalk] : lstm;
    const shape: ScheduleShape = {
      ...{ ...rest, slices: 4, tileRows: 8, rowGroups: 1, cells: ['lstm'], cellLanes: lanes },
    };
    return { layers, shape };
  });

describe('the schedule model', () => {
  it('predicts what the registers do, cycle by cycle', () => {
    fc.assert(
      fc.property(shapes, ({ layers, shape }) => {
        const left = simulate(layers, shape, 60);
        const predicted = predict(layers, shape);
        // 24 frames: a whole number of whatever frames take turns.
        const measured = ((left[59] as number) - (left[35] as number)) / 24;
        expect(predicted.cyclesPerFrame).toBeCloseTo(measured, 6);
        expect(predicted.latencyCycles).toBe((left[0] as number) - (shape.inputBeats - 1));
      }),
      { numRuns: 400 },
    );
  });

  // Not the release of an input buffer: with two of them no frame ever waits for it.
  it.each(['firstStep', 'stepToRetire', 'stepToHidden', 'stepToSum'] as const)(
    'would be found wrong by a cycle in %s',
    (name) => {
      const differs = ({ layers, shape }: { layers: PassWalk[]; shape: ScheduleShape }) => {
        const stages = stagesFor(shape);
        const late = { ...stages, [name]: stages[name] + 1 };
        return simulate(layers, shape, 30, late).join() !== simulate(layers, shape, 30).join();
      };
      expect(fc.sample(shapes, { numRuns: 200, seed: 1 }).some(differs)).toBe(true);
    },
  );

  it('counts as stalls what a frame takes longer than its tiles, when nothing else bounds it', () => {
    fc.assert(
      fc.property(shapes, ({ layers, shape }) => {
        const short = { ...shape, inputBeats: 1, outputBeats: 1 };
        const { cyclesPerFrame, layers: parts } = predict(layers, short);
        const sum = parts.reduce((total, l) => total + l.tiles + l.stalls, 0);
        fc.pre(Number.isInteger(cyclesPerFrame) && cyclesPerFrame > 60);
        expect(sum).toBe(cyclesPerFrame);
      }),
      { numRuns: 200 },
    );
  });

  it('never stalls the array where lanes and slots are plenty', () => {
    const layer = (index: number): PassWalk =>
      ({
        ...{
          index,
          pass: passOf('lstm', index),
          groups: 8,
          x: walk(8),
          h: walk(8),
          waits: index > 0,
          gates: 1,
          turns: 1,
        },
        ...(index === 0 ? { first: 'x', second: 'h' } : { first: 'h', second: 'x' }),
      }) as PassWalk;
    const shape = {
      ...{
        slices: 4,
        cells: ['lstm' as const],
        tileRows: 8,
        tileColumns: 4,
        rowGroups: 1,
        cellLanes: 8,
        cellCycles: 1,
        inputBeats: 1,
        outputBeats: 1,
      },
    };
    const layers = [layer(0), layer(1), layer(2)];
    expect(predict(layers, { ...shape, sumSlots: 6 }).cyclesPerFrame).toBe(3 * 8 * 16);
    expect(predict(layers, { ...shape, sumSlots: 1 }).cyclesPerFrame).toBeGreaterThan(3 * 8 * 16);
    expect(aheadOf(layer(1), 4)).toBe(4);
  });
});

describe('the 3 x 512 network at 16 x', () => {
  const model = randomModel({
    ...{ inputs: 512, hidden: [512, 512, 512], sharing: 'shared', outputs: 0, seed: 1 },
    words: { weight: 6, activation: 13, cell: 16, bias: 16 },
    patterns: [
      {
        kind: 'hcgs',
        blocks: [32, 4],
        keep: [
          { k: 4, n: 16 },
          { k: 2, n: 8 },
        ],
      },
    ],
  });

  test.each([
    { macs: 64, least: 0.99, indexBits: 19_968 },
    { macs: 256, least: 0.97, indexBits: 19_968 },
    { macs: 1024, least: 0.92, indexBits: 19_968 },
  ])('keeps $macs multipliers busy', ({ macs, least, indexBits }) => {
    const { configuration, prediction } = planDesign(model, { name: 'r', macs });
    const figures = estimate(configuration, model, prediction);
    expect(figures.keptWeights).toBe(393_216);
    expect(figures.idealCyclesPerFrame).toBe(393_216 / macs);
    expect(figures.paddedWeights).toBe(0);
    expect(figures.weightBits).toBe(6 * 393_216);
    expect(figures.biasBits).toBe(16 * 4 * 3 * 512);
    expect(figures.multipliers.mac).toBe(macs);
    expect(figures.macUtilization).toBeGreaterThanOrEqual(least);
    // 6 matrices: 16 block rows of 4 numbers of 4 bits, and in each kept block 8 rows of 2 numbers of 3 bits.
    expect(6 * (16 * 4 * 4 + 16 * 4 * 8 * 2 * 3)).toBe(19_968);
    expect(figures.indexBits).toBe(indexBits);
    expect(figures.indexBitsPerKeptWeight).toBeLessThan(0.06);
  });
});
