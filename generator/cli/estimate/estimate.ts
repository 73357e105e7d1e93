import { existsSync, statSync } from 'node:fs';
import {
  type Configuration,
  type DesignOptions,
  estimate,
  estimateDevice,
  largestMacs,
  type Prediction,
  planDesign,
  predictModel,
} from '../../accelerator/index.js';
import { UserError } from '../../base/errors.js';
import { placedModel } from '../../design/read/placed-model.js';
import { designConfiguration, readDesign } from '../../design/read/read.js';
import type { Device, FpgaFamily } from '../../devices/family.js';
import { FAMILY_NAMES, familyNamed, findDevice } from '../../devices/find.js';
import { parseModel } from '../../network/compressed-model.js';
import type { Model } from '../../network/model.js';
import { type UnitOrders, withOrders } from '../../network/unit-order.js';
import { defineCommand } from '../frame/command.js';
import { readCompressedBytes } from '../input/model-bytes.js';
import { designConfig, designOptions, firstGiven } from '../options/design-options.js';
import { choice, input, type OptionValues, text } from '../options/options.js';
import { estimateLines } from '../text/estimate-text.js';
import { orderLines } from '../text/orders-text.js';
import { type Resources, resourcesLines } from '../text/resources-text.js';

const targetOptions = {
  target: choice('family of devices: predicts block RAMs and multipliers', FAMILY_NAMES),
  device: text('device, e.g. LFE5U-45F (default: the smallest of the family that fits)', {
    valueName: 'NAME',
  }),
} as const;

export const estimateCommand = defineCommand({
  name: 'estimate',
  summary: 'exact cycles and bits of a model on a configuration, without generating anything',
  positionals: { PATH: input('compressed model or design directory', { required: true }) },
  options: { ...designOptions, ...targetOptions },
  examples: [
    ['estimate v16.safetensors --macs 8', 'cycles, utilization, memory bits'],
    ['estimate r.safetensors --macs 1024 --cell-lanes 4 --json', 'what fewer cell lanes cost'],
    ['estimate rtl-out/kws', 'of a design that exists'],
    ['estimate rtl-out/kws --target ecp5', 'block RAMs and multipliers, and the device it fits'],
    ['estimate v16.safetensors --macs 64 --device LFE5U-25F', 'whether it fits that device'],
  ],
  run: async (args, { progress }) => {
    const { family, device } = targetOf(args);
    progress.step('planning');
    const planned =
      existsSync(args.PATH) && statSync(args.PATH).isDirectory()
        ? ofDesign(args.PATH, args)
        : await ofModel(args.PATH, args);
    const { configuration, model, prediction } = planned;
    const figures = estimate(configuration, model, prediction);
    let resources: Resources | null = null;
    if (family !== null) {
      progress.step('predicting resources');
      const onDevice = estimateDevice(configuration, model, family, device);
      progress.step('looking for the largest MAC count');
      const chosen = findDevice(family, onDevice.device);
      resources = { ...onDevice, ...largestMacs(model, planned.options, chosen) };
    }
    return {
      ok: true,
      json: { ...figures, resources },
      lines: [
        ...estimateLines(figures),
        ...orderLines(planned.orders),
        ...(resources === null ? [] : ['', ...resourcesLines(resources)]),
      ],
    };
  },
});

interface Planned {
  readonly configuration: Configuration;
  /** As the hardware has it, and the orders of its hidden units. */
  readonly model: Model;
  readonly orders: UnitOrders | null;
  readonly prediction: Prediction;
  /** What other MAC counts are planned with. */
  readonly options: DesignOptions;
}

/** The family and the device that were asked for: a device says its family. */
function targetOf({ target, device }: OptionValues<typeof targetOptions>): {
  readonly family: FpgaFamily | null;
  readonly device: Device | undefined;
} {
  const family = target === undefined ? null : familyNamed(target);
  if (device === undefined) return { family, device };
  const found = findDevice(family, device);
  return { family: found.family, device: found };
}

async function ofModel(
  file: string,
  options: OptionValues<typeof designOptions>,
): Promise<Planned> {
  const config = await designConfig(options);
  const model = parseModel(await readCompressedBytes(file), file);
  const named = { ...config, name: 'estimated' };
  const { configuration, prediction, orders } = planDesign(model, named);
  const placed = orders === null ? model : withOrders(model, orders);
  return { configuration, prediction, model: placed, orders, options: named };
}

function ofDesign(directory: string, options: OptionValues<typeof designOptions>): Planned {
  const field = firstGiven(options);
  if (field !== undefined) {
    throw new UserError({
      code: 'BAD_USAGE',
      message: `${directory} is a design and has its configuration already: ${field} does not apply`,
      file: directory,
      field,
    });
  }
  const design = readDesign(directory);
  const { model, orders } = placedModel(design);
  const configuration = designConfiguration(design.manifest);
  const prediction = predictModel(configuration, model);
  const own = { name: configuration.name };
  return { configuration, model, orders, prediction, options: own };
}
