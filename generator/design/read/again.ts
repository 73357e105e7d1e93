import {
  type DesignOptions,
  multipliers,
  PIPELINES,
  planDesign,
  type VerilogStyle,
} from '../../accelerator/index.js';
import { shellWord } from '../../base/printable.js';
import { parseModel } from '../../network/compressed-model.js';
import { MACROS_FILE } from '../manifest/manifest.js';
import { isDesignName } from '../manifest/name.js';
import { chainAgain } from './chain-again.js';
import { asRecord, hasSourceLines, type Raw } from './raw.js';
import { storedOf, storedOptions } from './stored.js';

/** Options of `generate` that fix a design, with the value that need not be given. */
const OPTIONS = {
  tileRows: undefined,
  tileColumns: undefined,
  cellLanes: undefined,
  cellCycles: 1,
  streamLanes: undefined,
  sumSlots: undefined,
  bankWords: 2048,
} as const;

const DEFAULT_HEADROOM = 2;
const MOST_HEADROOM = 8;

/**
 * The command line that makes a design anew from its own model, as this version makes it and in the same place; null where
 * its manifest does not say how it was made.
 */
export function generateAgain(directory: string, raw: Raw, model: Uint8Array): string | null {
  const parameters = asRecord(raw.parameters);
  if (Array.isArray(parameters.engines)) return chainAgain(directory, raw, model);
  const number = (key: string): number | undefined => {
    const value = parameters[key];
    return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : undefined;
  };
  const [rows, columns, groups] = ['tileRows', 'tileColumns', 'rowGroups'].map(number);
  const { name, style } = parameters;
  if (rows === undefined || columns === undefined || groups === undefined) return null;
  if (typeof name !== 'string' || !isDesignName(name)) return null;
  // manifests before schema 4 are of arrays of four slices
  const slices = number('slices') ?? 4;
  const macs = multipliers({ slices, tileRows: rows, tileColumns: columns, rowGroups: groups });
  const fixed = Object.fromEntries(Object.keys(OPTIONS).map((key) => [key, number(key)]));
  const specialised = style === 'specialised';
  const emitsLast = parameters.emit === 'last';
  const frames = parameters.order === 'sequence' ? number('maxFrames') : undefined;
  const streams = number('streams');
  const pipeline = PIPELINES.find((known) => known === parameters.pipeline);
  const array = arrayOf(parameters);
  const stored = storedOf(parameters);
  const given = slicesGiven(model, slices, { macs, array });
  const plan = {
    name,
    macs,
    ...(array && { array }),
    ...(given && { slices }),
    ...fixed,
    ...(specialised ? { style: style as VerilogStyle } : {}),
    ...(emitsLast ? { emit: 'last' as const } : {}),
    ...(frames === undefined ? {} : { order: 'sequence' as const, maxFrames: frames }),
    ...(streams === undefined ? {} : { streams }),
    ...(pipeline && { pipeline }),
    ...stored,
    ...(parameters.bus === 'axi4lite' && { bus: 'axi4lite' as const }),
    ...(parameters.busStates === true && { busStates: true }),
  };
  const headroom = headroomOf(model, plan, parameters);
  // with room for others, of which nothing is known here
  if (headroom === null && stored.residents !== undefined) return null;
  const options = Object.entries(OPTIONS).flatMap(([key, usual]) => {
    const value = fixed[key];
    return value === undefined || value === usual ? [] : [`--${kebab(key)} ${value}`];
  });
  return [
    `hcgs generate ${shellWord(`${directory}/model.safetensors`)} --macs ${macs}`,
    ...(array ? [`--array ${array}`] : []),
    ...(given ? [`--slices ${slices}`] : []),
    ...options,
    ...(headroom === null || headroom === DEFAULT_HEADROOM ? [] : [`--headroom ${headroom}`]),
    ...(emitsLast ? ['--emit last'] : []),
    ...(streams === undefined ? [] : [`--streams ${streams}`]),
    ...(frames === undefined ? [] : [`--order sequence --max-frames ${frames}`]),
    ...(pipeline === undefined ? [] : [`--pipeline ${pipeline}`]),
    ...storedOptions(stored),
    ...(parameters.macros === undefined
      ? []
      : [`--macros ${shellWord(`${directory}/${MACROS_FILE}`)}`]),
    ...(parameters.bus === 'axi4lite' ? ['--bus axi4lite'] : []),
    ...(parameters.busStates === true ? ['--bus-states'] : []),
    ...(specialised ? ['--style specialised'] : []),
    ...(hasSourceLines(raw) ? [] : ['--no-source']),
    ...(keepsOrder(model, plan, raw) ? ['--keep-order'] : []),
    `--name ${name} -o ${shellWord(directory)}`,
  ].join(' ');
}

/** How row groups take their rows, where a design of the same patterns could have another array. */
function arrayOf(parameters: Raw): DesignOptions['array'] {
  const { kind } = asRecord(parameters.decoder);
  if (kind === 'queue') return 'queues';
  return kind === 'list' ? 'sets' : undefined;
}

/** Whether slices are not those that a design of as many multipliers has anyhow. */
function slicesGiven(
  model: Uint8Array,
  slices: number,
  options: Pick<DesignOptions, 'macs' | 'array'>,
): boolean {
  try {
    const network = parseModel(model, 'model.safetensors');
    return planDesign(network, { name: 'again', ...options }).configuration.slices !== slices;
  } catch {
    return false; // no model of this version: the command will say so
  }
}

/** Whether hidden units stand in the order of the model although another one saves cycles. */
function keepsOrder(model: Uint8Array, plan: Parameters<typeof planDesign>[1], raw: Raw): boolean {
  const { layers } = asRecord(raw.trace);
  const ordered = Array.isArray(layers) && layers.some((layer) => asRecord(layer).order);
  if (ordered) return false;
  try {
    return planDesign(parseModel(model, 'model.safetensors'), plan).orders !== null;
  } catch {
    return false; // no model of this version: the command will say so
  }
}

/** The headroom with which the model has the limits of the manifest; null: with none. */
function headroomOf(
  model: Uint8Array,
  plan: Parameters<typeof planDesign>[1],
  parameters: Raw,
): number | null {
  const limits = ['shiftXMost', 'shiftHMost', 'shiftBiasMost', 'roundMost'] as const;
  const tried = [DEFAULT_HEADROOM, ...Array.from({ length: MOST_HEADROOM + 1 }, (_, i) => i)];
  try {
    const network = parseModel(model, 'model.safetensors');
    const found = tried.find((headroom) => {
      const { configuration } = planDesign(network, { ...plan, headroom });
      return limits.every((limit) => configuration[limit] === parameters[limit]);
    });
    return found ?? null;
  } catch {
    return null; // no model of this version: the command will say so
  }
}

function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
