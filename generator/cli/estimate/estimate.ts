import { existsSync, statSync } from 'node:fs';
import {
  type Chain,
  type DesignOptions,
  estimateDevice,
  estimateHardware,
  type Hardware,
  type HardwarePrediction,
  isChain,
  keptOptions,
  largestMacs,
  planHardware,
  predictHardware,
} from '../../accelerator/index.js';
import { UserError } from '../../base/errors.js';
import { shellWord } from '../../base/printable.js';
import { designCuts } from '../../design/read/cuts.js';
import { placedModel } from '../../design/read/placed-model.js';
import { designHardware, readDesign } from '../../design/read/read.js';
import type { Device, FpgaFamily } from '../../devices/family.js';
import { FAMILY_NAMES, familyNamed, findDevice } from '../../devices/find.js';
import { parseModel } from '../../network/compressed-model.js';
import type { Model } from '../../network/model.js';
import { type UnitOrders, withOrders } from '../../network/unit-order.js';
import { defineCommand } from '../frame/command.js';
import { readCompressedBytes } from '../input/model-bytes.js';
import { clockOption } from '../options/clock-option.js';
import {
  designConfig,
  designOptions,
  firstGiven,
  fitModels,
  givenWords,
} from '../options/design-options.js';
import { choice, input, type OptionValues, text } from '../options/options.js';
import { paddingWarnings } from '../text/block-warnings.js';
import { figuresLines, figuresSummary } from '../text/chain-text.js';
import { timed, timedLines } from '../text/clock-text.js';
import { orderLines } from '../text/orders-text.js';
import { type Resources, resourcesLines, resourcesSummary } from '../text/resources-text.js';

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
  options: { ...designOptions, ...targetOptions, ...clockOption },
  examples: [
    ['estimate v16.safetensors --macs 8', 'cycles, utilization, memory bits'],
    ['estimate r.safetensors --macs 1024 --cell-lanes 4 --json', 'what fewer cell lanes cost'],
    ['estimate v16.safetensors --clock-mhz 100', 'in µs and frames a second, too'],
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
    const { hardware, model, cuts, prediction } = planned;
    const figures = estimateHardware(hardware, model, cuts, prediction);
    const clock = timed(figures, args.clockMhz);
    let resources: Resources | null = null;
    if (family !== null && isChain(hardware)) throw noDevices(hardware, args);
    if (family !== null && !isChain(hardware)) {
      const configuration = hardware;
      progress.step('predicting resources');
      const onDevice = estimateDevice(configuration, model, family, device);
      progress.step('looking for the largest MAC count');
      const chosen = findDevice(family, onDevice.device);
      resources = { ...onDevice, ...largestMacs(model, planned.options, chosen) };
    }
    return {
      ok: true,
      json: { ...figures, ...clock, resources },
      lines: [
        ...figuresLines(figures),
        ...timedLines(clock),
        ...orderLines(planned.orders),
        ...(resources === null ? [] : ['', ...resourcesLines(resources)]),
      ],
      summary: [
        ...figuresSummary(figures),
        ...timedLines(clock),
        ...orderLines(planned.orders),
        ...(resources === null ? [] : ['', ...resourcesSummary(resources)]),
      ],
      next: planned.next,
      warnings: paddingWarnings(model, figures),
    };
  },
});

interface Planned {
  readonly hardware: Hardware;
  /** As the hardware has it, the orders of its hidden units, and where it is cut. */
  readonly model: Model;
  readonly orders: UnitOrders | null;
  readonly cuts: readonly number[];
  readonly prediction: HardwarePrediction;
  /** What other MAC counts are planned with. */
  readonly options: DesignOptions;
  readonly next: readonly string[];
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
  const named = { ...config, name: 'estimated', fit: await fitModels(config) };
  const { hardware, prediction, orders, cuts } = planHardware(model, named, config.engines);
  const placed = orders === null ? model : withOrders(model, orders);
  const given = givenWords(options).map((word) => ` ${word}`);
  const next = [`hcgs generate ${shellWord(file)}${given.join('')} --name NAME`];
  return { hardware, prediction, model: placed, orders, cuts, options: named, next };
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
  const hardware = designHardware(design.manifest);
  const cuts = designCuts(design, model);
  const prediction = predictHardware(hardware, model, cuts);
  const own = isChain(hardware) ? { name: hardware.name } : keptOptions(hardware);
  const next = [`hcgs cosim ${shellWord(directory)}`];
  return { hardware, model, orders, cuts, prediction, options: own, next };
}

/** A device has room for one design: what a chain takes of it is counted by `synth`. */
function noDevices({ engines }: Chain, { device }: OptionValues<typeof targetOptions>): UserError {
  const field = device === undefined ? '--target' : '--device';
  return new UserError({
    code: 'BAD_USAGE',
    message: `${field} predicts what one engine takes of a device, not a chain of ${engines.length}: hcgs synth counts it`,
    field,
    expected: 'one engine',
    got: engines.length,
  });
}
