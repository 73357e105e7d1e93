import { UserError } from '../../base/errors.js';
import { OUTPUT_CELL } from '../../network/cells/registry.js';
import type { Model } from '../../network/model.js';
import { programOf } from '../../network/program.js';
import { hasSingles } from '../cell/kinds.js';
import { laneCellsOf, unitOf, unitsOf } from '../cell/units.js';
import { decoderFor, decoderIn } from '../decoder/registry.js';
import { slicesOf } from '../schedule/pass-walk.js';
import { joinsFit } from '../schedule/side-by-side.js';
import { walkModel } from '../schedule/walk.js';
import { numbersOf } from './bounds.js';
import { type Configuration, laneSlices, tablesOf } from './configuration.js';
import { configure } from './configure.js';
import { checkRunnable } from './runnable.js';

/** Limits of a configuration by name: what a model needs must not exceed what the design has. */
export const LIMITS: readonly (keyof Configuration)[] = [
  'layers',
  'groups',
  'weightDepth',
  'biasDepth',
  'cellDepth',
  'xRows',
  'hRows',
  'outRows',
  'inputBeats',
  'outputBeats',
  'accumulatorBits',
  'sumBits',
  'shiftXMost',
  'shiftHMost',
  'shiftBiasMost',
  'roundMost',
];

/** The shape contract as the manifest states it: any model within these runs on the same Verilog. */
export function shapeContract(c: Configuration): Readonly<Record<string, unknown>> {
  const limits = Object.fromEntries(LIMITS.map((name) => [name, c[name]]));
  return {
    words: c.words,
    maskSharing: c.perGate ? 'shared or per-gate' : 'shared',
    outputLayer: c.outputLayer,
    tile: [c.tileRows, c.tileColumns],
    rowGroups: c.rowGroups,
    rowsInOneBlock: c.streamShare * c.tileRows,
    cellPoint: [c.cellPointLeast, c.cellPointMost],
    ...limits,
    ...decoderIn(c).limits(c.decoder),
    ...(c.tables === undefined ? {} : { tables: c.tables }),
    ...(c.initialState && { initialState: true }),
    ...(c.turns && { turns: c.turns }),
    ...(c.inputAgain && { inputAgain: true }),
    ...(c.peepholes && { peepholes: [c.peepholes.least, c.peepholes.most] }),
    ...(c.clips && { clips: true }),
    ...(c.ranges && { ranges: true }),
    ...(c.jobs === undefined ? {} : { jobs: c.jobs }),
    ...(c.emit && { emit: c.emit }),
    ...(c.order && { order: c.order, maxFrames: c.maxFrames }),
    ...(c.streams && { streams: c.streams }),
    ...(c.pipeline && { pipeline: c.pipeline }),
    ...(c.weights && { weights: c.weights }),
    ...(c.residents && { residents: c.residents }),
  };
}

/**
 * Checks that a model runs on a configuration.
 * @throws UserError DESIGN_PROGRAM as `checkRunnable`; SHAPE_CONTRACT that names the first limit broken, with both numbers.
 */
export function checkContract(c: Configuration, model: Model, file?: string): void {
  checkRunnable(programOf(model), undefined, c.order);
  const demand = (
    limit: string,
    has: string | number,
    needs: string | number,
    ok: boolean,
  ): void => {
    if (ok) return;
    throw new UserError({
      code: 'SHAPE_CONTRACT',
      message: `the model does not fit the design: ${limit} is ${has}, the model needs ${needs}`,
      file,
      field: limit,
      expected: has,
      got: needs,
    });
  };
  for (const word of ['weight', 'activation', 'cell', 'bias'] as const) {
    const [has, needs] = [c.words[word], model.words[word]];
    demand(`words.${word}`, has, needs, has === needs);
  }
  for (const field of ['outputFraction', 'inputFraction', 'inputBits', 'segments'] as const) {
    const [has, needs] = [tablesOf(c)[field], model.tables.scheme[field]];
    demand(`tables.${field}`, has, needs, has === needs);
  }
  const kind = (output: boolean): string => (output ? 'an output layer' : 'no output layer');
  const hasOutput = programOf(model).passes.at(-1)?.cell === OUTPUT_CELL;
  demand('outputLayer', kind(c.outputLayer), kind(hasOutput), c.outputLayer === hasOutput);
  const { passes } = programOf(model);
  const matrices = passes.flatMap(({ operands }) => operands.map(({ matrix }) => matrix));
  const starts = passes.some(({ initial }) => initial !== undefined);
  demand('initialState', 'none', 'a learned one', c.initialState === true || !starts);
  const perGate = matrices.some(({ sharing }) => sharing === 'per-gate');
  demand('maskSharing', 'shared', 'per-gate', c.perGate || !perGate);
  const natural = decoderFor(matrices);
  const walked = c.decoder.kind === natural || decoderIn(c).walksAny === true;
  demand('decoder', c.decoder.kind, natural, walked);
  const tile = Math.max(c.tileRows, c.tileColumns);
  for (const unit of matrices.flatMap((matrix) => decoderIn(c).units(matrix))) {
    demand('tile', `a divisor of every block: ${tile}`, `blocks of ${unit}`, unit % tile === 0);
  }
  const cells = laneCellsOf(passes);
  const lanes = unitsOf(c);
  // layers of one operand need fields of the tables, whatever lanes they share
  const fields = hasSingles(c) || !hasSingles({ cells });
  const has = fields && cells.every((cell) => lanes.includes(unitOf(cell)));
  demand('cells', c.cells.join(', '), cells.join(', '), has);
  // an array of one slice takes as many gates in turn as its lanes hold
  const gates = slicesOf(passes);
  demand('slices', laneSlices(c), gates, gates <= laneSlices(c));
  const need = configure(model, c.name, c, c, {
    decoder: c.decoder,
    bankWords: c.bankWords,
  });
  demand('turns', c.turns ?? 1, need.turns ?? 1, (need.turns ?? c.turns) === c.turns);
  const joined = joinsFit(walkModel(model, c), c.tileColumns);
  demand('tile', 'whole sets of what is read side by side', 'vectors of other lengths', joined);
  const again = c.inputAgain === true || need.inputAgain === undefined;
  demand('inputAgain', 'one pass', 'several', again);
  demand('ranges', 'those of a ReLU', 'others', c.ranges === true || need.ranges === undefined);
  demand('clips', 'none', 'clips of sums', c.clips === true || need.clips === undefined);
  for (const name of LIMITS) {
    const [has, needs] = [c[name] as number, need[name] as number];
    demand(name, has, needs, needs <= has);
  }
  demand(
    'rowsInOneBlock',
    c.streamShare * c.tileRows,
    need.streamShare * c.tileRows,
    need.streamShare >= c.streamShare,
  );
  for (const name of ['words', 'tilesMost', 'emptyMost'] as const) {
    const [has, needs] = [c.jobs?.[name] ?? 0, need.jobs?.[name] ?? 0];
    demand(`jobs.${name}`, has, needs, needs <= has);
  }
  for (const { limit, has, needs, ok } of decoderIn(c).demands(c, need))
    demand(limit, has, needs, ok);
  for (const walk of walkModel(model, c)) {
    const { cellPoint, peepholePoint } = numbersOf(walk.pass);
    if (peepholePoint !== null) {
      const { most, least } = c.peepholes ?? { most: 0, least: 0 };
      const has = c.peepholes === undefined ? 'none' : `${least} ... ${most}`;
      const fits = c.peepholes !== undefined && peepholePoint >= least && peepholePoint <= most;
      demand('peepholes', has, peepholePoint, fits);
    }
    if (cellPoint === null) continue;
    const range = `${c.cellPointLeast} ... ${c.cellPointMost}`;
    demand(
      'cellPoint',
      range,
      cellPoint,
      cellPoint >= c.cellPointLeast && cellPoint <= c.cellPointMost,
    );
  }
}
