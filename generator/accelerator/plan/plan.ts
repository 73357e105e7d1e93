import { UserError } from '../../base/errors.js';
import type { Model } from '../../network/model.js';
import { programOf } from '../../network/program.js';
import { ordersByUse, type UnitOrders, withOrders } from '../../network/unit-order.js';
import { ordersByWork, type Shares } from '../../network/work-order.js';
import { hasSingles } from '../cell/kinds.js';
import { laneCellsOf, unitsOf } from '../cell/units.js';
import { classesOf } from '../decoder/queue/deal.js';
import { pipelined } from '../pipeline/registers.js';
import { type PassWalk, type Tiling, tilesOfPass } from '../schedule/pass-walk.js';
import { type Prediction, predict } from '../schedule/schedule.js';
import { walkModel } from '../schedule/walk.js';
import { checkBusStates, checkStateSizes } from '../states/check.js';
import { areaDelay, better, type Candidate, promising } from './candidates.js';
import { type Configuration, cellsPerGroup, multipliers } from './configuration.js';
import { configure, type Lanes } from './configure.js';
import {
  checkCellCycles,
  checkPower,
  checkRange,
  type DesignOptions,
  type InTime,
  LIMITS,
  orderInTime,
} from './options.js';
import { queueTilings } from './queues.js';
import { checkRunnable } from './runnable.js';
import { storedIn } from './stored.js';
import { largestTile, macCounts, powersUpTo, slicesFor, tilings } from './tilings.js';
import { widened } from './widened.js';

/** A configuration with the cycles it takes for a model. */
export interface Plan {
  readonly configuration: Configuration;
  readonly prediction: Prediction;
  /** In which the hardware has the hidden units of the model; null: in its own order. */
  readonly orders: UnitOrders | null;
}

export const DEFAULT_MACS = 64;
export const DEFAULT_HEADROOM = 2;
export const DEFAULT_BANK_WORDS = 2048;
/** Sum slots are halved as long as that costs less than this share of the frame. */
const WORTH = 0.002;

/**
 * Chooses tiling, lanes, slots and the order of the hidden units by the cycle-exact schedule model. Another order is worth
 * something where layers wait for what the one below makes last, and is taken where it saves cycles.
 * @throws UserError DESIGN_PROGRAM when the hardware does not run such a program; DESIGN_MACS with the list of the counts that fit; DESIGN_OPTION for anything else.
 */
export function planDesign(model: Model, options: DesignOptions): Plan {
  const plan = planInOrder(model, options);
  const worth = options.keepOrder === true ? [] : ordersWorth(plan, model);
  return worth.reduce<Plan>(
    (best, orders) => {
      const other = planInOrder(withOrders(model, orders), options);
      const saves = other.prediction.cyclesPerFrame < best.prediction.cyclesPerFrame;
      return saves ? { ...other, orders } : best;
    },
    { ...plan, orders: null },
  );
}

/**
 * Other orders of the hidden units: where layers wait for each other and may begin early, and where row group sets differ in their
 * tiles.
 */
function ordersWorth(
  { configuration, prediction }: Omit<Plan, 'orders'>,
  model: Model,
): readonly UnitOrders[] {
  const waits = prediction.layers.some(({ stalls }) => stalls > 0);
  // of whole utterances x has been there long before, and other streams fill the time
  const oneByOne = configuration.order !== 'sequence' && !configuration.streams;
  const byUse = oneByOne && waits && hasSingles(configuration) ? ordersByUse(model) : null;
  const byWork =
    configuration.jobs === undefined ? null : ordersByWork(model, sharesOf(configuration));
  return [byUse, byWork].filter((orders) => orders !== null);
}

/** Rows of the lanes that share queues. */
function sharesOf(c: Configuration): Shares | undefined {
  return c.queues && { rows: c.tileRows, among: classesOf(c).classes };
}

/** The order in which a configuration has the hidden units of a model with the fewest cycles; null: their own. */
export function ordersOn(configuration: Configuration, model: Model): UnitOrders | null {
  const prediction = predictModel(configuration, model);
  let fewest = prediction.cyclesPerFrame;
  let best: UnitOrders | null = null;
  for (const orders of ordersWorth({ configuration, prediction }, model)) {
    const { cyclesPerFrame } = predictModel(configuration, withOrders(model, orders));
    if (cyclesPerFrame < fewest) [fewest, best] = [cyclesPerFrame, orders];
  }
  return best;
}

/** The plan for hidden units as they are. */
function planInOrder(model: Model, options: DesignOptions): Omit<Plan, 'orders'> {
  const slices = slicesFor(model, options);
  checkRunnable(programOf(model), slices, options.order);
  const counts = macCounts(model, slices);
  const macs = options.macs ?? usualMacs(counts);
  if (!counts.includes(macs)) {
    const list = counts.join(', ');
    throw new UserError({
      code: 'DESIGN_MACS',
      message: `${macs} MACs do not fit this model; these do: ${list}`,
      field: '--macs',
      expected: list,
      got: macs,
    });
  }
  for (const option of [
    'cellLanes',
    'streamLanes',
    'tileRows',
    'tileColumns',
    'bankWords',
  ] as const) {
    checkPower(option, options[option]);
  }
  checkCellCycles(model, options);
  checkBusStates(model, options);
  checkRange('sumSlots', options.sumSlots, 1, 1024);
  checkRange('bankWords', options.bankWords, 2, 65536);
  checkRange('headroom', options.headroom, 0, 8);
  checkRange('streamLanes', options.streamLanes, 1, LIMITS.streamLanes);
  const inTime = orderInTime(options);
  const order = inTime.order === undefined ? {} : { order: inTime.order };
  const inSets = options.array === 'queues' ? [] : tilings(model, slices, order);
  const fitting = inSets.filter(
    (t) =>
      multipliers(t) === macs &&
      (options.tileRows ?? t.tileRows) === t.tileRows &&
      (options.tileColumns ?? t.tileColumns) === t.tileColumns &&
      t.tileRows * t.rowGroups >= (options.cellLanes ?? 1) &&
      fits(t, options.fit) &&
      turnsOf(walkModel(model, t)) <= (options.cellLanes ?? LIMITS.cellLanes),
  );
  const cost = laneCost(model);
  const plan = (tiling: Tiling) => bestLanes(model, tiling, options, cost);
  const withQueues = options.array === 'sets' ? [] : queuesFitting(model, options, macs);
  const best = better(fitting.map(plan), promising(model, withQueues, cost, plan), cost);
  if (best === undefined) {
    throw new UserError({
      code: 'DESIGN_OPTION',
      message: `no tile with these options makes ${macs} MACs for this model; tiles are given as rows x columns x row groups in parallel`,
      field: '--tile-rows, --tile-columns, --cell-lanes',
      expected: tilings(model, slices)
        .filter((t) => multipliers(t) === macs)
        .map((t) => `${t.tileRows}x${t.tileColumns}x${t.rowGroups}`)
        .join(', '),
      got: `${options.tileRows ?? 'any'}x${options.tileColumns ?? 'any'}, ${options.cellLanes ?? 'any'} cell lanes`,
    });
  }
  const { fit = [] } = options;
  const made = configure(model, options.name, best.tiling, best.lanes, {
    headroom: options.headroom ?? DEFAULT_HEADROOM,
    bankWords: options.bankWords ?? DEFAULT_BANK_WORDS,
    style: options.style ?? 'parameterized',
    emit: options.emit ?? 'every',
    inTime,
    stored: storedIn(options),
    pipeline: options.pipeline ?? 'deep',
    macros: options.macros,
  });
  const configuration = widened(made, model, fit);
  checkStateSizes(configuration);
  return { configuration, prediction: best.prediction };
}

/** Whether the blocks of other models are made of such tiles too. */
function fits(tiling: Tiling, fit: DesignOptions['fit'] = []): boolean {
  return fit.every(({ model }) => {
    const side = largestTile(model);
    return side % tiling.tileRows === 0 && side % tiling.tileColumns === 0;
  });
}

/** Arrays with queues that have the tiles asked for. */
function queuesFitting(model: Model, options: DesignOptions, macs: number): readonly Tiling[] {
  return queueTilings(model, options, macs).filter(
    ({ tileRows, tileColumns }) =>
      (options.tileRows ?? tileRows) === tileRows &&
      (options.tileColumns ?? tileColumns) === tileColumns,
  );
}

/** The most multipliers up to DEFAULT_MACS: arrays of three slices have another number of them. */
function usualMacs(counts: readonly number[]): number {
  return counts.filter((count) => count <= DEFAULT_MACS).at(-1) ?? DEFAULT_MACS;
}

/** Cycles that a model takes on a configuration. */
export function predictModel(c: Configuration, model: Model): Prediction {
  return predictLanes(model, walkModel(model, c), c, c, c);
}

/** What a lane of the cells of a model costs, in multipliers. */
function laneCost(model: Model): number {
  const cells = laneCellsOf(programOf(model).passes);
  return unitsOf({ cells }).reduce((sum, { cost }) => sum + cost, 0);
}

/**
 * Cell lanes by the product of multipliers and cycles, then the fewest slots that cost no more than WORTH of
 * the frame, then the fewest stream lanes that cost nothing.
 */
function bestLanes(model: Model, tiling: Tiling, options: DesignOptions, cost: number): Candidate {
  const walks = walkModel(model, tiling);
  const cells = cellsPerGroup(tiling);
  const cellCycles = options.cellCycles ?? 1;
  const lanesGiven = cellCycles > 1 ? 1 : (tiling.queues?.lanes ?? options.cellLanes);
  const cellLanes = lanesGiven ?? Math.min(cells, LIMITS.cellLanes);
  const sumSlots = options.sumSlots ?? LIMITS.sumSlots;
  const streamLanes = options.streamLanes ?? LIMITS.streamLanes;
  let lanes: Lanes = { cellLanes, cellCycles, sumSlots, streamLanes };
  const inTime = {
    ...orderInTime(options),
    ...(options.emit === 'last' && { emit: options.emit }),
    ...pipelined(options.pipeline),
  };
  const known = new Map<string, Prediction>();
  const predicted = (l: Lanes): Prediction => {
    const key = `${l.cellLanes} ${l.sumSlots} ${l.streamLanes}`;
    const prediction = known.get(key) ?? predictLanes(model, walks, tiling, l, inTime);
    known.set(key, prediction);
    return prediction;
  };
  const cycles = (l: Lanes): number => predicted(l).cyclesPerFrame;
  if (lanesGiven === undefined) {
    const product = (n: number): number =>
      areaDelay(tiling, cost, n, cycles({ ...lanes, cellLanes: n }));
    // a tile takes a cycle, whatever the lanes
    const tiles = walks.reduce((sum, walk) => sum + tilesOfPass(walk), 0);
    const atLeast = (n: number): number => areaDelay(tiling, cost, n, tiles);
    const choices = powersUpTo(cellLanes).filter((n) => n >= turnsOf(walks));
    const best = choices.reduce((a, b) =>
      atLeast(b) < product(a) && product(b) < product(a) ? b : a,
    );
    lanes = { ...lanes, cellLanes: best };
  }
  const worth = cycles(lanes) * (1 + WORTH);
  const shrink = (
    name: 'sumSlots' | 'streamLanes',
    choices: readonly number[],
    limit: number,
  ): void => {
    if (options[name] !== undefined) return;
    const least = choices.find((n) => cycles({ ...lanes, [name]: n }) <= limit);
    lanes = { ...lanes, [name]: least ?? lanes[name] };
  };
  shrink('sumSlots', powersUpTo(sumSlots), worth);
  shrink('streamLanes', powersUpTo(streamLanes), cycles(lanes));
  return { tiling, lanes, prediction: predicted(lanes) };
}

/** Most times that a set goes through the lanes; there are as many lanes at least. */
function turnsOf(walks: readonly PassWalk[]): number {
  return Math.max(...walks.map(({ turns }) => turns));
}

function predictLanes(
  model: Model,
  walks: readonly PassWalk[],
  tiling: Tiling,
  lanes: Lanes,
  {
    emit,
    order,
    maxFrames,
    streams,
    pipeline,
    cells,
  }: Pick<Configuration, 'emit' | 'pipeline'> & Partial<Pick<Configuration, 'cells'>> & InTime,
): Prediction {
  const { input, output, passes } = programOf(model);
  return predict(walks, {
    ...tiling,
    ...lanes,
    ...(emit && { emit }),
    ...(order && { order }),
    ...(maxFrames !== undefined && { maxFrames }),
    ...(streams !== undefined && { streams }),
    ...pipelined(pipeline),
    // lanes of more kinds of cells than the model has are as long as their longest
    cells: cells ?? laneCellsOf(passes),
    inputBeats: Math.ceil(input.length / lanes.streamLanes),
    outputBeats: Math.ceil(output.length / lanes.streamLanes),
  });
}
