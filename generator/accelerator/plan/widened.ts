import { CELL_KINDS } from '../../network/cells/registry.js';
import type { Model } from '../../network/model.js';
import { decoderIn } from '../decoder/registry.js';
import { walkModel } from '../schedule/walk.js';
import type { Configuration } from './configuration.js';
import { configure } from './configure.js';
import { checkContract, LIMITS } from './contract.js';
import type { FitModel } from './options.js';

/**
 * A configuration with room for further models: every limit is the largest of all, and the decoder walks the patterns of all.
 * `model`: the one it was made for.
 * @throws UserError SHAPE_CONTRACT for a model that needs another structure, with the file
 */
export function widened(c: Configuration, model: Model, fit: readonly FitModel[]): Configuration {
  if (fit.length === 0) return c;
  const models = [model, ...fit.map((one) => one.model)];
  const { slices, tileRows, tileColumns, rowGroups, queues, order } = c;
  const tiling = {
    ...{ slices, tileRows, tileColumns, rowGroups },
    ...(queues && { queues }),
    ...(order && { order }),
  };
  const { cellLanes, cellCycles, streamLanes, sumSlots } = c;
  const lanes = { cellLanes, cellCycles, streamLanes, sumSlots };
  const room = { bankWords: c.bankWords, decoder: c.decoder };
  const needs = models.map((one) => configure(one, c.name, tiling, lanes, room));
  const all = [c, ...needs];
  const perGate = all.some((need) => need.perGate);
  const walks = models.flatMap((one) => walkModel(one, c));
  const { streamShare, decoder } = decoderIn(c).configure(walks, c, perGate, c.decoder);
  const most = (name: (typeof LIMITS)[number]) =>
    Math.max(...all.map((need) => need[name] as number));
  const result = {
    ...c,
    ...Object.fromEntries(LIMITS.map((name) => [name, most(name)])),
    ...{ perGate, streamShare, decoder },
    cells: CELL_KINDS.filter((kind) => all.some((need) => need.cells.includes(kind))),
    cellPointMost: Math.max(...all.map((need) => need.cellPointMost)),
    cellPointLeast: Math.min(...all.map((need) => need.cellPointLeast)),
    ...flags(all),
    ...jobsOf(all),
    ...peepholesOf(all),
  };
  checkContract(result, model);
  for (const one of fit) checkContract(result, one.model, one.file);
  return result;
}

/** What a design has when one of its models needs it. */
function flags(all: readonly Configuration[]): Partial<Configuration> {
  const names = ['initialState', 'inputAgain', 'clips', 'ranges'] as const;
  return Object.fromEntries(
    names.filter((name) => all.some((need) => need[name])).map((name) => [name, true]),
  );
}

function jobsOf(all: readonly Configuration[]): Pick<Configuration, 'jobs'> {
  const jobs = all.flatMap((need) => need.jobs ?? []);
  if (jobs.length === 0) return {};
  const most = (name: 'words' | 'tilesMost' | 'emptyMost') =>
    Math.max(...jobs.map((one) => one[name]));
  return {
    jobs: { words: most('words'), tilesMost: most('tilesMost'), emptyMost: most('emptyMost') },
  };
}

function peepholesOf(all: readonly Configuration[]): Pick<Configuration, 'peepholes'> {
  const points = all.flatMap((need) => need.peepholes ?? []);
  if (points.length === 0) return {};
  return {
    peepholes: {
      most: Math.max(...points.map((one) => one.most)),
      least: Math.min(...points.map((one) => one.least)),
    },
  };
}
