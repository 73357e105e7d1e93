import {
  ARRAYS,
  BUSES,
  EMITS,
  type FitModel,
  ORDERS,
  PIPELINES,
  PROTECTIONS,
  WEIGHTS,
} from '../../accelerator/index.js';
import { shellWord } from '../../base/printable.js';
import { type DesignConfig, designConfigSchema } from '../../design/manifest/config.js';
import { parseModel } from '../../network/compressed-model.js';
import { optionName } from '../frame/command.js';
import { readConfigFile } from '../frame/config-file.js';
import { readCompressedBytes } from '../input/model-bytes.js';
import { choice, flag, input, inputs, integer, type OptionValues } from './options.js';

export const keepOrderOption = flag(
  'hidden units stay in the order of the network, also where another one saves cycles',
);

/** Options that change the cycles or the bits of a design. */
export const designOptions = {
  macs: integer(
    'multipliers of the MAC array, of each engine (default 64, or the next less that fits the network)',
    { min: 1 },
  ),
  engines: integer(
    'engines in a chain, joined by streams, with the layers shared out such that the slowest is fastest; other options are those of each (default 1)',
    { min: 1 },
  ),
  slices: integer(
    'row slices of the array: one for each gate (default), or fewer: the gates of a row group set in turn',
    { min: 1, max: 4 },
  ),
  cellLanes: integer('cells updated per cycle; default: as many as are worth their cost', {
    min: 1,
  }),
  cellCycles: integer(
    'cycles from one cell to the next: 1 (default), or 4 or more for a time-multiplexed lane that takes the gates of a cell one after another; its cells overlap below 18 (of other pipelines fewer)',
    { min: 1 },
  ),
  streamLanes: integer('values per beat; default: the fewest that never bound a frame', { min: 1 }),
  sumSlots: integer('row groups whose sums can wait for their other half', { min: 1 }),
  bankWords: integer('words of one weight ROM; deeper banks are rows of ROMs (default 2048)', {
    min: 2,
  }),
  tileRows: integer('rows of a tile', { min: 1 }),
  tileColumns: integer('columns of a tile', { min: 1 }),
  emit: choice(
    'outputs leave of every frame (default), or of frames marked as the last of an utterance alone',
    EMITS,
  ),
  order: choice(
    'all layers of a frame before the next frame (default), or whole utterances, all frames of a layer before the next layer',
    ORDERS,
  ),
  maxFrames: integer('most frames of an utterance, with --order sequence', { min: 1 }),
  streams: integer(
    'independent streams of frames, marked by tid, whose layers take turns on the array (default 1)',
    { min: 1, max: 16 },
  ),
  pipeline: choice(
    'registers: for the fastest clock (default deep), about half of them, or as few as a synchronous design has',
    PIPELINES,
  ),
  array: choice(
    'row groups that end together (sets), or each with a queue of rows (queues), whatever their pattern; default: whichever suits the patterns',
    ARRAYS,
  ),
  weights: choice(
    'where the model lies: in ROMs that are made with the design (default), or in memories that a load fills when it runs',
    WEIGHTS,
  ),
  loadBits: integer(
    'bits of a beat of the load port, with --weights loaded: 8, 16 or 32 (default)',
    {
      min: 8,
      max: 32,
    },
  ),
  residents: integer(
    'models that are kept at once, with --weights loaded, of which an utterance takes one (default 1)',
    { min: 1 },
  ),
  protect: choice(
    'check bits of each word that the model puts on the design: none (default), one that tells of a flipped bit, or as many as put one right and tell of two',
    PROTECTIONS,
  ),
  fit: inputs('another compressed model that the design has to hold as well; may be repeated'),
  bus: choice(
    'registers for a processor beside the streams: none (default), or behind an AXI4-Lite slave, with drivers for it',
    BUSES,
  ),
  busStates: flag(
    'the registers reach h and c while no frame is in the core: save them, sleep, and go on',
  ),
  headroom: integer(
    'bits by which binary points of models put on it later may differ (default 2)',
    { min: 0 },
  ),
  keepOrder: keepOrderOption,
  config: input('TypeScript file with a DesignConfig as default export; options override it', {
    valueName: 'FILE.ts',
  }),
} as const;

const { config: _file, fit: _fit, ...numbers } = designOptions;

/** The same for a command whose `--config` is of another kind, and that has one network. */
export const searchDesignOptions = numbers;

type Given = OptionValues<typeof designOptions>;

/** The configuration file under the options of the command line. */
export async function designConfig(given: Given): Promise<DesignConfig> {
  const kind = { type: 'DesignConfig', schema: designConfigSchema } as const;
  const file = given.config === undefined ? {} : await readConfigFile(given.config, kind);
  const fit = given.fit ?? [];
  return { ...file, ...givenNumbers(given), ...(fit.length > 0 && { fit }) };
}

/** The models that a design has to hold beside its own. */
export async function fitModels({ fit = [] }: DesignConfig): Promise<readonly FitModel[]> {
  const models: FitModel[] = [];
  for (const file of fit) {
    models.push({ model: parseModel(await readCompressedBytes(file), file), file });
  }
  return models;
}

/** The first design option that is on the command line, as the user writes it. */
export function firstGiven(given: Given): string | undefined {
  const key = Object.keys(designOptions).find((name) => isGiven(given[name as keyof Given]));
  return key === undefined ? undefined : optionName(key);
}

/** The design options of a command line, as words of another one. */
export function givenWords(given: Given): readonly string[] {
  return Object.keys(designOptions).flatMap((key) => {
    const value = given[key as keyof Given];
    if (!isGiven(value)) return [];
    if (value === true) return [optionName(key)];
    return [value].flat().flatMap((one) => [optionName(key), shellWord(String(one))]);
  });
}

/** What the options say without a file. */
export function givenNumbers(given: Omit<Given, 'config' | 'fit'>): Omit<DesignConfig, 'fit'> {
  return Object.fromEntries(
    Object.keys(numbers)
      .map((key) => [key, given[key as keyof typeof numbers]] as const)
      .filter(([, value]) => isGiven(value)),
  );
}

/** A switch is given where it is on. */
const isGiven = (value: unknown): boolean =>
  value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
