import { CELLS } from '../../network/cells/registry.js';
import { shownOf } from '../../network/cells/shown.js';
import type { Model } from '../../network/model.js';
import { programOf } from '../../network/program.js';
import type { UnitOrders } from '../../network/unit-order.js';
import { stepBases } from '../images/cells.js';
import type { Configuration } from '../plan/configuration.js';
import { walkModel } from '../schedule/walk.js';

/** The values or the states of a layer, as a bus reaches them. */
export interface StateSpan {
  /** As `hcgs run --states` calls it: h0, c0, h1, ... */
  readonly name: string;
  /** Of the first one, among the values or the states of a stream. */
  readonly index: number;
  /** What cells keep; else their values. */
  readonly kept: boolean;
  readonly count: number;
  /** Unit of the network of each; null: they stand as the network has them. */
  readonly order: readonly number[] | null;
}

/**
 * Values and states of the layers of a model on a configuration, in the order of `hcgs run --states`. `model`: with its hidden units
 * as the hardware has them, which is in these orders.
 */
export function stateSpans(
  c: Configuration,
  model: Model,
  orders: UnitOrders | null = null,
): readonly StateSpan[] {
  const bases = stepBases(c, walkModel(model, c));
  const shown = programOf(model).passes.filter(({ cell }) => CELLS[cell].value !== null);
  return shown.flatMap(({ cell, rows, index }, layer) =>
    // value first
    [...shownOf(CELLS[cell])].reverse().flatMap(({ role, name }): StateSpan[] => {
      if (role === 'sums') return [];
      const kept = role === 'state';
      const base = bases[index]?.[kept ? 'c_base' : 'h_base'] ?? 0;
      const span = { name: `${name}${layer}`, index: base * c.cellLanes, kept, count: rows };
      return [{ ...span, order: orders?.[index] ?? null }];
    }),
  );
}
