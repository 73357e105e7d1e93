import { isDeepStrictEqual } from 'node:util';
import { kindsWithLanes } from '../../accelerator/cell/units.js';
import { DECODERS } from '../../accelerator/decoder/registry.js';
import {
  type Configuration,
  engineName,
  type Hardware,
  LOAD_BITS,
} from '../../accelerator/index.js';
import { PIPELINES } from '../../accelerator/pipeline/registers.js';
import { VERILOG_STYLES, weightRoms } from '../../accelerator/plan/configuration.js';
import { TABLE_SCHEMES } from '../../network/table-scheme.js';
import { macroListSchema } from '../manifest/macro-list.js';
import { type Design, designHardware } from './read.js';

/** No number of a configuration is larger: depths, widths, counts. */
const LARGEST = 2 ** 24;
/** Entries of a list of a decoder: levels. */
const LONGEST_LIST = 32;
/** Instances that stand side by side in the Verilog: as many as `planDesign` gives, and twice that. */
const MOST_COPIES: Readonly<Record<string, number>> = {
  ...{ tileRows: 32, tileColumns: 32, rowGroups: 32, cellLanes: 32, streamLanes: 128 },
  ...{ slices: 8, sumSlots: 2048, streamShare: 32, layers: 4096 },
};

/** Row groups with queues that stand side by side: as many as multipliers, and twice that. */
const MOST_QUEUES = 2048;

/** Pipelines that a configuration names: deep is not one of them. */
const SHALLOW = PIPELINES.filter((pipeline) => pipeline !== 'deep');

/** Models that are kept at once. */
const MOST_RESIDENTS = 16;

/** Engines that stand behind each other: as many as there are streams between them that anybody wants. */
const MOST_ENGINES = 64;

/**
 * What a manifest that anybody may have written describes: every leaf is a number or a switch, but for the name of
 * the design, the style, the frames with outputs, the bus, the protection of words, the pipeline and the names in a list of macros, which are identifiers, so that nothing of it can become Verilog of its own; and of a size that the files
 * beside it have. Null for any other.
 */
export function foreignHardware({ manifest, files }: Design): Hardware | null {
  const { name, engines, ...rest } = manifest.parameters;
  if (engines === undefined) {
    const single =
      !('relays' in rest) && isConfiguration(manifest.parameters, manifest.name, files);
    return single ? designHardware(manifest) : null;
  }
  if (!Array.isArray(engines) || engines.length < 2 || engines.length > MOST_ENGINES) return null;
  if (name !== manifest.name || Object.keys(rest).length > 0) return null;
  const last = engines.length - 1;
  const stored = engines.map((engine) => {
    const { weights, loadBits, residents, protect } = Object(engine) as Readonly<
      Record<string, unknown>
    >;
    return [weights, loadBits, residents, protect];
  });
  if (!stored.every((own) => isDeepStrictEqual(own, stored[0]))) return null;
  const known = engines.every((engine: unknown, k) => {
    if (typeof engine !== 'object' || engine === null) return false;
    const parameters = engine as Readonly<Record<string, unknown>>;
    const marks = k < last ? parameters.relays === true : !('relays' in parameters);
    const sends = k === last || !('emit' in parameters);
    const inOrder = ['order', 'maxFrames', 'streams'].every((key) => !(key in parameters));
    return (
      marks && sends && inOrder && isConfiguration(parameters, engineName(manifest.name, k), files)
    );
  });
  return known ? designHardware(manifest) : null;
}

/** Whether parameters are those of an engine of that name. */
function isConfiguration(
  parameters: Readonly<Record<string, unknown>>,
  expected: string,
  files: Design['files'],
): boolean {
  const {
    name,
    style,
    cells,
    decoder,
    tables,
    emit,
    order,
    pipeline,
    macros,
    weights,
    protect,
    bus,
    ...rest
  } = parameters;
  if (macros !== undefined && !macroListSchema.safeParse(macros).success) return false;
  if (name !== expected || !VERILOG_STYLES.some((known) => known === style)) return false;
  if (!areCells(cells) || !isDecoder(decoder) || !isPlain(rest)) return false;
  if (tables !== undefined && !isScheme(tables)) return false;
  if (emit !== undefined && emit !== 'last') return false;
  if (!isStored(weights, rest)) return false;
  if (protect !== undefined && protect !== 'parity' && protect !== 'secded') return false;
  if (bus !== undefined && bus !== 'axi4lite') return false;
  if (!areBusStates(parameters)) return false;
  if (order !== undefined && order !== 'sequence') return false;
  if ((order === undefined) !== (rest.maxFrames === undefined)) return false;
  if (pipeline !== undefined && !SHALLOW.some((known) => known === pipeline)) return false;
  if (rest.streams !== undefined && !(Number(rest.streams) >= 2 && Number(rest.streams) <= 16)) {
    return false;
  }
  const c = parameters as unknown as Configuration;
  if ((c.queues !== undefined) !== (c.decoder.kind === 'queue')) return false;
  if (c.queues !== undefined && c.queues.lanes !== c.cellLanes) return false;
  const fits = Object.entries(MOST_COPIES).every(([key, most]) => {
    const count = Number(rest[key]);
    const limit = key === 'rowGroups' && c.queues !== undefined ? MOST_QUEUES : most;
    return count <= limit && count >= 1;
  });
  if (!fits || !(c.bankWords >= 2 && c.weightDepth / c.bankWords <= files.size)) return false;
  const images = [...files.keys()].filter((path) => path.startsWith('mem/'));
  return weightRoms(c).length <= images.length;
}

/** States that a bus reaches: of one model, frame by frame. */
function areBusStates({
  busStates,
  bus,
  order,
  residents,
  relays,
}: Readonly<Record<string, unknown>>): boolean {
  if (busStates === undefined) return true;
  const alone = [order, residents, relays].every((one) => one === undefined);
  return busStates === true && bus === 'axi4lite' && alone;
}

/** Where a model lies, over which port it comes, and how many are kept. */
function isStored(
  weights: unknown,
  { loadBits, residents }: Readonly<Record<string, unknown>>,
): boolean {
  if (weights === undefined) return loadBits === undefined && residents === undefined;
  if (weights !== 'loaded') return false;
  if (loadBits !== undefined && !(loadBits !== 32 && LOAD_BITS.some((one) => one === loadBits))) {
    return false;
  }
  return residents === undefined || (Number(residents) >= 2 && Number(residents) <= MOST_RESIDENTS);
}

/** Kinds of cells, each once, in the order in which a design has them. */
function areCells(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  return isDeepStrictEqual(
    value,
    kindsWithLanes().filter((kind) => value.includes(kind)),
  );
}

/** Activation tables of a scheme that there is. */
function isScheme(value: unknown): boolean {
  return TABLE_SCHEMES.some((scheme) => isDeepStrictEqual(scheme, value));
}

/** A decoder of a kind that is known, of numbers and short lists. */
function isDecoder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, ...rest } = value as Readonly<Record<string, unknown>>;
  const lists = Object.values(rest).filter((one) => Array.isArray(one));
  return (
    Object.keys(DECODERS).some((known) => known === kind) &&
    isPlain(rest) &&
    lists.every((list) => list.length <= LONGEST_LIST)
  );
}

/** Numbers, switches, and lists and records of them. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 && value <= LARGEST;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).every(isPlain);
}
