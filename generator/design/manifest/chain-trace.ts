import type { TracedParameters } from '../../accelerator/build/trace-records.js';
import { engineTrace } from '../../accelerator/chain/ports.js';
import type { Model } from '../../network/model.js';
import { partsOf } from '../../network/parts.js';
import type { UnitOrders } from '../../network/unit-order.js';
import { type DesignTrace, designTrace } from './trace.js';

/**
 * The trace of a model, as the hardware has it, on engines with these parameters, cut at those places: records of each engine,
 * of its own layers, which are numbered through. Of one engine it is `designTrace`.
 */
export function hardwareTrace(
  engines: readonly TracedParameters[],
  model: Model,
  cuts: readonly number[],
  orders: UnitOrders | null = null,
): DesignTrace {
  const [only] = engines;
  if (only !== undefined && engines.length === 1) return designTrace(only, model, orders);
  let layersBefore = 0;
  const parts = partsOf(model, cuts).map((part, k) => {
    const c = engines[k] as TracedParameters;
    const first = cuts[k - 1] ?? 0;
    const own = orders?.slice(first, first + part.passes.length) ?? null;
    const layers = designTrace(c, part, own).layers.map((layer) => ({
      ...layer,
      pass: layer.pass + first,
    }));
    const shown = { first: layersBefore, count: layers.length };
    layersBefore += layers.length;
    const { lanes, records } = engineTrace(c, k);
    return { lanes, layers, records: records.map((one) => ({ ...one, lanes, layers: shown })) };
  });
  return {
    lanes: Math.max(...parts.map(({ lanes }) => lanes)),
    records: parts.flatMap(({ records }) => records),
    layers: parts.flatMap(({ layers }) => layers),
  };
}
