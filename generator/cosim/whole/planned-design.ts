import {
  emitVerilog,
  type FitModel,
  type HardwarePlan,
  nameTaken,
  planHardware,
} from '../../accelerator/index.js';
import type { DesignConfig } from '../../design/manifest/config.js';
import { checkMacroNames } from '../../design/manifest/macro-list.js';
import { checkNotTaken } from '../../design/manifest/name.js';
import { manifestSignals } from '../../design/write/assemble.js';
import type { Model } from '../../network/model.js';
import { withOrders } from '../../network/unit-order.js';
import type { DesignParts } from './whole-design.js';

/** A model with the hardware that is planned for it. */
export interface PlannedDesign extends HardwarePlan {
  readonly model: Model;
}

/**
 * Plans the hardware of a model. `field`: where its name is from.
 * @throws UserError BAD_DESIGN_NAME for the name of a signal or of a macro; as `planHardware`
 */
export function plannedDesign(
  model: Model,
  config: Omit<DesignConfig, 'fit' | 'name'>,
  {
    name,
    field,
    fit,
  }: { readonly name: string; readonly field: string; readonly fit: readonly FitModel[] },
): PlannedDesign {
  checkMacroNames(name, config.macros);
  const plan = planHardware(model, { ...config, name, fit }, config.engines);
  checkNotTaken(name, nameTaken(plan.hardware), field);
  return { ...plan, model };
}

/** What a planned design is made from: its Verilog, and the model as the hardware has it. `bytes`: the file of the model. */
export function partsOfDesign(
  { hardware, prediction, orders, cuts, model }: PlannedDesign,
  bytes: Uint8Array,
  { source, note }: { readonly source: boolean; readonly note: (text: string) => void },
): DesignParts {
  const rtl = {
    files: emitVerilog(hardware, {
      note: (warning) => warning.split('\n').forEach(note),
      source,
    }),
    signals: manifestSignals(hardware, source),
  };
  const placed = orders === null ? model : withOrders(model, orders);
  return {
    configuration: hardware,
    prediction,
    source: { model: placed, bytes, orders, cuts },
    rtl,
  };
}
