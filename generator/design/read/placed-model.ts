import { UserError } from '../../base/errors.js';
import { parseModel } from '../../network/compressed-model.js';
import type { Model } from '../../network/model.js';
import { type UnitOrders, unitsOf, withOrders } from '../../network/unit-order.js';
import type { Design } from './read.js';

/** A model as hardware has it. */
export interface PlacedSource {
  readonly model: Model;
  /** Of its hidden units; null: as the model has them. */
  readonly orders: UnitOrders | null;
}

/** The compressed model of a design, its hidden units in the order of the hardware. @throws UserError DESIGN_RECORDS for an order that is none. */
export function placedModel({ directory, manifest, files, modelPath }: Design): PlacedSource {
  const bytes = files.get(manifest.model.file);
  if (bytes === undefined) throw new Error('the manifest does not list the model');
  const model = parseModel(bytes, modelPath);
  const orders: (readonly number[] | null)[] = model.passes.map(() => null);
  for (const layer of (manifest.trace.layers ?? []) as readonly Record<string, unknown>[]) {
    if (layer.order === undefined) continue;
    const pass = Number(layer.pass);
    const unit = model.passes[pass] === undefined ? 0 : unitsOf(model.passes, pass);
    if (!isOrder(layer.order, model.passes[pass]?.rows ?? 0, unit)) {
      const field = `trace.layers.${pass}.order`;
      const expected = `every unit of pass ${pass} once, in whole blocks of ${unit}`;
      const message = `${directory}/design.json: ${field}: expected ${expected}; generate the design anew`;
      throw new UserError({ code: 'DESIGN_RECORDS', message, file: directory, field, expected });
    }
    orders[pass] = layer.order;
  }
  if (orders.every((order) => order === null)) return { model, orders: null };
  return { model: withOrders(model, orders), orders };
}

/** Whether a list names every unit once, blocks of `unit` whole and a last one that is not full at its place. */
function isOrder(order: unknown, rows: number, unit: number): order is readonly number[] {
  if (!Array.isArray(order) || order.length !== rows || rows === 0) return false;
  const seen = new Set(order);
  if (seen.size !== rows || !order.every((r) => Number.isInteger(r) && r >= 0 && r < rows)) {
    return false;
  }
  const whole = rows - (rows % unit);
  return order.every((r, i) =>
    i >= whole ? r === i : i % unit === 0 ? r % unit === 0 : r === (order[i - 1] as number) + 1,
  );
}
