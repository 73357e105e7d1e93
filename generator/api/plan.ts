import { estimateHardware, isOfChain } from '../accelerator/index.js';
import { checkValue } from '../base/check-value.js';
import { unexpected } from '../base/errors.js';
import { plannedDesign } from '../cosim/whole/planned-design.js';
import { type DesignConfig, designConfigSchema } from '../design/manifest/config.js';
import { checkDesignName } from '../design/manifest/name.js';
import { withOrders } from '../network/unit-order.js';
import { models, plans } from './contents.js';
import type { CompressedModel, Plan } from './objects.js';

/** What hardware is planned with, as in a `--config` file; models that it has to hold as well are objects. */
export interface PlanOptions extends Omit<DesignConfig, 'fit' | 'name'> {
  /** Name of the design and of its top module. */
  readonly name: string;
  /** Other models that the design has to hold. */
  readonly fit?: readonly CompressedModel[] | undefined;
}

/**
 * Chooses tiles, lanes and slots for a model, and says what they cost: the work of `hcgs estimate`.
 * @throws UserError API_ARGUMENT, CONFIG_VALUE, BAD_DESIGN_NAME; as the command for numbers that do not fit
 */
export function plan(model: CompressedModel, options: PlanOptions): Plan {
  const content = models.of(model);
  const { fit = [], name, ...config } = options;
  if (typeof name !== 'string') {
    const got = name === undefined ? 'nothing' : typeof name;
    throw unexpected({
      code: 'API_ARGUMENT',
      field: 'name',
      expected: 'the name of a module',
      got,
    });
  }
  checkDesignName(name, 'name');
  const checked = checkValue(config, 'options', designConfigSchema, {
    code: 'CONFIG_VALUE',
    whole: 'the options',
  });
  const others = fit.map((other) => ({ model: models.of(other), file: other.file }));
  const planned = plannedDesign(content, checked, { name, field: 'name', fit: others });
  const { hardware, prediction, orders, cuts } = planned;
  const placed = orders === null ? content : withOrders(content, orders);
  const figures = estimateHardware(hardware, placed, cuts, prediction);
  const { weightBits, indexBits, biasBits, tableBits, controlBits } = figures;
  const object: Plan = {
    kind: 'plan',
    name,
    macs: figures.macs,
    engines: isOfChain(figures) ? figures.engines.length : 1,
    cyclesPerFrame: figures.cyclesPerFrame,
    latencyCycles: figures.latencyCycles,
    idealCyclesPerFrame: figures.idealCyclesPerFrame,
    macUtilization: figures.macUtilization,
    modelBits: weightBits + indexBits + biasBits + tableBits + controlBits,
    ramBits: figures.ramBits,
    streamLanes: figures.streamLanes,
  };
  return plans.hold(object, { planned, bytes: model.bytes });
}
