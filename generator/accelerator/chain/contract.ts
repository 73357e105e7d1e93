import { UserError } from '../../base/errors.js';
import type { Model } from '../../network/model.js';
import { partOf } from '../../network/parts.js';
import { type UnitOrders, withOrders } from '../../network/unit-order.js';
import type { Configuration } from '../plan/configuration.js';
import { checkContract } from '../plan/contract.js';
import { ordersOn, predictModel } from '../plan/plan.js';
import type { Prediction } from '../schedule/schedule.js';
import { type Chain, engineLabel, type Hardware, isChain } from './chain.js';
import { chooseCuts } from './choose.js';
import { engineParts } from './placed.js';
import { checkEngines, engineCuts, ordersOfAll } from './plan.js';

/**
 * Checks that a model, cut at those places, runs on a design. @throws UserError as `checkContract`, of a chain with the engine whose
 * limit is broken
 */
export function checkHardwareContract(
  hardware: Hardware,
  model: Model,
  cuts: readonly number[],
  file?: string,
): void {
  if (!isChain(hardware)) {
    checkContract(hardware, model, file);
    return;
  }
  for (const { c, engine, model: part } of engineParts(hardware, model, cuts)) {
    const broken = broke(c, part, engine, file);
    if (broken !== null) throw broken;
  }
}

/**
 * Where a model is cut on the engines of a chain that is there: such that every part keeps within the limits of its engine, and the
 * slowest is fastest; of one engine nowhere.
 * @throws UserError as `checkContract`; DESIGN_ENGINES where the model has too few places to be cut at
 */
export function cutsOn(hardware: Hardware, model: Model, file?: string): readonly number[] {
  if (!isChain(hardware)) {
    checkContract(hardware, model, file);
    return [];
  }
  const { engines } = hardware;
  const places = engineCuts(model);
  checkEngines(places, engines.length);
  const known = new Map<string, Prediction | UserError>();
  const made = (from: number, past: number, engine: number): Prediction | UserError => {
    const [c, part] = [engines[engine] as Configuration, partOf(model, from, past)];
    return broke(c, part, engine, file) ?? predictModel(c, part);
  };
  const at = (from: number, past: number, engine: number): Prediction | UserError => {
    const key = `${from} ${past} ${engine}`;
    const result = known.get(key) ?? made(from, past, engine);
    known.set(key, result);
    return result;
  };
  const cuts = chooseCuts(places, model.passes.length, engines.length, (...part) => {
    const cost = at(...part);
    return cost instanceof UserError ? null : cost;
  });
  if (cuts !== null) return cuts;
  throw worstRefusal(hardware, [...known]);
}

/** The limit that no way to cut keeps: that of the engine farthest down the chain which some way gets to. */
function worstRefusal(
  { engines }: Chain,
  known: readonly (readonly [key: string, result: Prediction | UserError])[],
): UserError {
  for (let engine = engines.length - 1; engine >= 0; engine--) {
    const found = known.find(
      ([key, result]) => result instanceof UserError && key.endsWith(` ${engine}`),
    );
    if (found !== undefined) return found[1] as UserError;
  }
  throw new Error('no way to cut, and no limit broken');
}

/** The limit of an engine that its part breaks; null: none. */
function broke(
  c: Configuration,
  part: Model,
  engine: number,
  file: string | undefined,
): UserError | null {
  try {
    checkContract(c, part, file);
    return null;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { report } = error;
    const message = `engine ${engineLabel(engine)}: ${report.message}`;
    return new UserError({ ...report, message }, { cause: error });
  }
}

/** The orders in which the engines of a design have the hidden units of a model with the fewest cycles; null: their own. */
export function ordersOnHardware(
  hardware: Hardware,
  model: Model,
  cuts: readonly number[],
): UnitOrders | null {
  return ordersOfAll(
    engineParts(hardware, model, cuts).map(({ c, model: part }) => [
      ordersOn(c, part),
      part.passes.length,
    ]),
  );
}

/** A model as a design has it best: its cuts, the orders of its hidden units, and the model in them. */
export function placeOn(
  hardware: Hardware,
  given: Model,
  { keepOrder, file }: { readonly keepOrder: boolean; readonly file?: string },
): { readonly model: Model; readonly orders: UnitOrders | null; readonly cuts: readonly number[] } {
  const cuts = cutsOn(hardware, given, file);
  const orders = keepOrder ? null : ordersOnHardware(hardware, given, cuts);
  return { model: orders === null ? given : withOrders(given, orders), orders, cuts };
}
