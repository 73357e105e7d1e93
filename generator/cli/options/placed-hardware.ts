import { existsSync, statSync } from 'node:fs';
import {
  type DesignOptions,
  type Hardware,
  type HardwarePrediction,
  isChain,
  keptOptions,
  planHardware,
  predictHardware,
} from '../../accelerator/index.js';
import { UserError } from '../../base/errors.js';
import { shellWord } from '../../base/printable.js';
import { designCuts } from '../../design/read/cuts.js';
import { placedModel } from '../../design/read/placed-model.js';
import { type Design, designHardware, readDesign } from '../../design/read/read.js';
import { parseModel } from '../../network/compressed-model.js';
import type { Model } from '../../network/model.js';
import { type UnitOrders, withOrders } from '../../network/unit-order.js';
import { readCompressedBytes } from '../input/model-bytes.js';
import {
  designConfig,
  type designOptions,
  firstGiven,
  fitModels,
  givenWords,
} from './design-options.js';
import type { OptionValues } from './options.js';

/** A model on hardware: of a design that exists, or as one would be planned. */
export interface Planned {
  readonly hardware: Hardware;
  /** The design that it was read from; null: there is none yet. */
  readonly design: Design | null;
  /** The bytes of the compressed model, and the model as its network has it. */
  readonly bytes: Uint8Array;
  readonly own: Model;
  /** As the hardware has it, the orders of its hidden units, and where it is cut. */
  readonly model: Model;
  readonly orders: UnitOrders | null;
  readonly cuts: readonly number[];
  readonly prediction: HardwarePrediction;
  /** What other MAC counts are planned with. */
  readonly options: DesignOptions;
  readonly next: readonly string[];
}

/** Reads a design directory, or plans a design for a compressed model. @throws UserError as the two say */
export async function placedHardware(
  path: string,
  options: OptionValues<typeof designOptions>,
): Promise<Planned> {
  return existsSync(path) && statSync(path).isDirectory()
    ? ofDesign(path, options)
    : ofModel(path, options);
}

async function ofModel(
  file: string,
  options: OptionValues<typeof designOptions>,
): Promise<Planned> {
  const config = await designConfig(options);
  const bytes = await readCompressedBytes(file);
  const model = parseModel(bytes, file);
  const named = { ...config, name: 'estimated', fit: await fitModels(config) };
  const { hardware, prediction, orders, cuts } = planHardware(model, named, config.engines);
  const placed = orders === null ? model : withOrders(model, orders);
  const given = givenWords(options).map((word) => ` ${word}`);
  const next = [`hcgs generate ${shellWord(file)}${given.join('')} --name NAME`];
  return {
    ...{ hardware, prediction, model: placed, orders, cuts, options: named, next },
    ...{ design: null, bytes, own: model },
  };
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
  const planned = isChain(hardware) ? { name: hardware.name } : keptOptions(hardware);
  const next = [`hcgs cosim ${shellWord(directory)}`];
  const bytes = design.files.get(design.manifest.model.file) as Uint8Array;
  const own = orders === null ? model : parseModel(bytes, design.modelPath);
  return {
    ...{ hardware, model, orders, cuts, prediction, options: planned, next },
    ...{ design, bytes, own },
  };
}
