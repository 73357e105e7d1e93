import { UserError, unexpected } from '../../base/errors.js';
import { cellOf } from '../../network/cells/registry.js';
import type { Model } from '../../network/model.js';
import { cutsOf, partOf } from '../../network/parts.js';
import { programOf } from '../../network/program.js';
import type { UnitOrders } from '../../network/unit-order.js';
import { withOrders } from '../../network/unit-order.js';
import { type DesignOptions, orderInTime } from '../plan/options.js';
import { type Plan, planDesign, predictModel } from '../plan/plan.js';
import { checkRunnable } from '../plan/runnable.js';
import { powersUpTo } from '../plan/tilings.js';
import type { Prediction } from '../schedule/schedule.js';
import { type Chain, engineLabel, engineName, type Hardware } from './chain.js';
import { chooseCuts } from './choose.js';
import { engineParts } from './placed.js';
import { predictChain } from './timeline.js';

/** Cycles of a chain, and of each of its engines alone. */
export type ChainPrediction = Omit<Prediction, 'layers'> & {
  readonly engines: readonly Prediction[];
};

/** A chain with the cycles that it takes for a model. */
export interface ChainPlan {
  readonly chain: Chain;
  /** The first pass of each engine but the first one. */
  readonly cuts: readonly number[];
  readonly prediction: ChainPrediction;
  /** Of the whole model; null: in its own order. */
  readonly orders: UnitOrders | null;
}

/**
 * Where a model can be cut for engines: the places of `cutsOf` behind which the input is read alone, as the first operand, and an
 * engine has a cell whose values are its own.
 */
export function engineCuts(model: Model): readonly number[] {
  const { passes } = model;
  return cutsOf(model).filter((cut) => {
    const behind = passes.slice(cut);
    const asX = behind.every(({ operands }) => !operands[1]?.vectors.includes(cut));
    return asX && cellOf((behind[0] as Model['passes'][number]).cell).leaves === 'values';
  });
}

/**
 * Shares a model out over engines in a chain, each planned as a design of its own, such that the slowest takes the fewest cycles;
 * options are those of each engine. The streams of all of them have as many lanes, the fewest that cost the chain nothing.
 * @throws UserError DESIGN_ENGINES for a number of engines that the model cannot be cut for, for whole utterances and for several
 * streams; as `planDesign` where no engine takes a part
 */
export function planChain(model: Model, options: DesignOptions, engines: number): ChainPlan {
  checkFrameByFrame(options, engines);
  checkAlone(options, engines);
  checkRunnable(programOf(model));
  const places = engineCuts(model);
  checkEngines(places, engines);
  const planner = new PartPlanner(model, options, engines);
  const cuts = chooseCuts(places, model.passes.length, engines, (from, past, engine) =>
    planner.cost(from, past, engine),
  );
  if (cuts === null) throw planner.refusal();
  const widest = Math.max(...planner.plans(cuts).map(({ configuration: c }) => c.streamLanes));
  if (options.streamLanes !== undefined) return joined(model, options, planner.plans(cuts), cuts);
  const withLanes = (streamLanes: number): ChainPlan => {
    const own = { ...options, streamLanes };
    return joined(model, own, new PartPlanner(model, own, engines).plans(cuts), cuts);
  };
  const best = withLanes(widest);
  const fewer = powersUpTo(widest).slice(0, -1);
  for (const lanes of fewer) {
    const plan = withLanes(lanes);
    if (plan.prediction.cyclesPerFrame <= best.prediction.cyclesPerFrame) return plan;
  }
  return best;
}

/** What is planned for a model: one engine, or a chain of several. */
export interface HardwarePlan {
  readonly hardware: Hardware;
  readonly prediction: Prediction | ChainPrediction;
  readonly cuts: readonly number[];
  readonly orders: UnitOrders | null;
}

/** The plan of a design of so many engines. @throws UserError as `planDesign` and `planChain` */
export function planHardware(model: Model, options: DesignOptions, engines = 1): HardwarePlan {
  if (engines === 1) {
    const { configuration, prediction, orders } = planDesign(model, options);
    return { hardware: configuration, prediction, cuts: [], orders };
  }
  const { chain, prediction, cuts, orders } = planChain(model, options, engines);
  return { hardware: chain, prediction, cuts, orders };
}

/**
 * A joint has the frames of one stream in order, and no tid; an engine that holds whole utterances would wait for all of one.
 * @throws UserError DESIGN_ENGINES for whole utterances and for several streams; DESIGN_OPTION as `orderInTime`
 */
function checkFrameByFrame(options: DesignOptions, engines: number): void {
  const { order, streams } = orderInTime(options);
  if (order === undefined && streams === undefined) return;
  const [option, instead] =
    order === undefined
      ? [`--streams ${streams}`, 'one stream']
      : [`--order ${order}`, '--order frames'];
  const expected = `1 with ${option}`;
  throw new UserError({
    code: 'DESIGN_ENGINES',
    message: `--engines: expected ${expected}, got ${engines}; a chain of engines takes the frames of one stream in order: use one engine, or ${instead}`,
    field: '--engines',
    expected,
    got: engines,
  });
}

/** @throws UserError DESIGN_ENGINES for other models beside the one that is cut, as each would be cut elsewhere */
function checkAlone({ fit = [], busStates = false }: DesignOptions, engines: number): void {
  if (busStates) {
    throw unexpected({
      code: 'DESIGN_ENGINES',
      field: '--engines',
      expected: '1 with --bus-states, which reach one engine',
      got: engines,
    });
  }
  if (fit.length === 0) return;
  throw unexpected({
    code: 'DESIGN_ENGINES',
    ...{ field: '--engines', expected: '1 with --fit', got: engines },
  });
}

/** @throws UserError DESIGN_ENGINES */
export function checkEngines(places: readonly number[], engines: number): void {
  const most = places.length + 1;
  if (engines <= most) return;
  const where = places.length === 0 ? 'nowhere' : `in front of pass ${places.join(', ')}`;
  throw new UserError({
    code: 'DESIGN_ENGINES',
    message: `${engines} engines do not fit this network: it can be cut ${where}, where one vector alone goes on, so that there are at most ${most}`,
    field: '--engines',
    expected: most === 1 ? '1' : `1 to ${most}`,
    got: engines,
  });
}

/** Plans of parts, each made once. */
class PartPlanner {
  readonly #plans = new Map<string, Plan | UserError>();

  constructor(
    private readonly model: Model,
    private readonly options: DesignOptions,
    private readonly engines: number,
  ) {}

  cost(from: number, past: number, engine: number): Prediction | null {
    const plan = this.#plan(from, past, engine);
    return plan instanceof UserError ? null : plan.prediction;
  }

  /** Of all engines of a chain. @throws UserError where one of them takes no part */
  plans(cuts: readonly number[]): readonly Plan[] {
    const ends = [...cuts, this.model.passes.length];
    return ends.map((past, engine) => {
      const plan = this.#plan(cuts[engine - 1] ?? 0, past, engine);
      if (plan instanceof UserError) throw plan;
      return plan;
    });
  }

  /** The first error of those that no way of cutting goes around. */
  refusal(): UserError {
    const found = [...this.#plans.values()].find((plan) => plan instanceof UserError);
    if (found instanceof UserError) return found;
    throw new Error('no way to cut, and no part without a plan');
  }

  #plan(from: number, past: number, engine: number): Plan | UserError {
    const last = engine === this.engines - 1;
    const key = `${from} ${past} ${last}`;
    const known = this.#plans.get(key) ?? this.#made(from, past, engine, last);
    this.#plans.set(key, known);
    return known;
  }

  #made(from: number, past: number, engine: number, last: boolean): Plan | UserError {
    // outputs of every frame go on to the engine behind
    const emit = last ? this.options.emit : undefined;
    try {
      return planDesign(partOf(this.model, from, past), { ...this.options, emit });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const { report } = error;
      const whose = `engine ${engineLabel(engine)}, passes ${from} to ${past - 1}`;
      return new UserError({ ...report, message: `${whose}: ${report.message}` }, { cause: error });
    }
  }
}

/** The chain of engines that are planned. */
function joined(
  model: Model,
  { name }: DesignOptions,
  plans: readonly Plan[],
  cuts: readonly number[],
): ChainPlan {
  const chain: Chain = {
    name,
    engines: plans.map(({ configuration }, k) => ({
      ...configuration,
      name: engineName(name, k),
      ...(k < plans.length - 1 && { relays: true as const }),
    })),
  };
  const orders = ordersOfAll(plans.map((plan, k) => [plan.orders, lengthOf(model, cuts, k)]));
  const placed = orders === null ? model : withOrders(model, orders);
  return { chain, cuts, prediction: predictOnChain(chain, placed, cuts), orders };
}

/** Cycles of a model, as the hardware has it, on a chain. */
export function predictOnChain(
  chain: Chain,
  model: Model,
  cuts: readonly number[],
): ChainPrediction {
  const engines = engineParts(chain, model, cuts).map(({ c, model: part }) =>
    predictModel(c, part),
  );
  return { ...predictChain(chain, model, cuts), engines };
}

function lengthOf({ passes }: Model, cuts: readonly number[], engine: number): number {
  return (cuts[engine] ?? passes.length) - (cuts[engine - 1] ?? 0);
}

/** The orders of parts, each with its number of passes, as those of the whole. */
export function ordersOfAll(
  parts: readonly (readonly [orders: UnitOrders | null, passes: number])[],
): UnitOrders | null {
  if (parts.every(([orders]) => orders === null)) return null;
  return parts.flatMap(([orders, passes]) => orders ?? Array.from({ length: passes }, () => null));
}
