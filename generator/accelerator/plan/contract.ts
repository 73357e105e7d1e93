import { UserError } from '../../base/errors.js';
import type { Model, SparseMatrix } from '../../network/model.js';
import { programOf } from '../../network/program.js';
import { decoderOf } from '../decoder/registry.js';
import { walkModel } from '../schedule/walk.js';
import { numbersOf } from './bounds.js';
import type { Configuration, LevelConfiguration } from './configuration.js';
import { configure } from './configure.js';

/** Limits of a configuration by name: what a model needs must not exceed what the design has. */
const LIMITS: readonly (keyof Configuration)[] = [
  'layers',
  'groups',
  'innerMost',
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

const LEVEL_LIMITS: readonly (keyof LevelConfiguration)[] = [
  'indexBits',
  'depth',
  'keepMost',
  'strideBits',
  'repeatBits',
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
    levels: c.levels.length,
    cellPoint: [c.cellPointLeast, c.cellPointMost],
    ...limits,
    levelLimits: c.levels,
  };
}

/**
 * Checks that a model runs on a configuration.
 * @throws UserError SHAPE_CONTRACT that names the first limit broken, with both numbers.
 */
export function checkContract(c: Configuration, model: Model, file?: string): void {
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
  const kind = (output: boolean): string => (output ? 'an output layer' : 'no output layer');
  const hasOutput = programOf(model).passes.at(-1)?.cell === 'dense';
  demand('outputLayer', kind(c.outputLayer), kind(hasOutput), c.outputLayer === hasOutput);
  const perGate = model.layers.some((l) => [l.x, l.h].some((m) => m.sharing === 'per-gate'));
  demand('maskSharing', 'shared', 'per-gate', c.perGate || !perGate);
  const blocks = model.layers
    .flatMap((l) => [l.x, l.h])
    .flatMap((m) => m.patterns[0]?.blocks ?? []);
  const unit = Math.max(c.tileRows, c.tileColumns);
  for (const block of blocks) {
    demand('tile', `a divisor of every block: ${unit}`, `blocks of ${block}`, block % unit === 0);
  }
  const walks = walkModel(model, c);
  const decoder = decoderOf(walks[0]?.x.matrix as SparseMatrix);
  const levels = decoder.configure(walks, c, c.perGate, 0).levels.length;
  demand('levels', c.levels.length, levels, levels <= c.levels.length);
  const need = configure(model, c.name, c, c, {
    levels: c.levels.length,
    bankWords: c.bankWords,
  });
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
  c.levels.forEach((level, l) => {
    const needed = need.levels[l] as LevelConfiguration;
    for (const name of LEVEL_LIMITS) {
      demand(`levels[${l}].${name}`, level[name], needed[name], needed[name] <= level[name]);
    }
    const gates = (x: Configuration): number => (x.perGate ? 4 : 1);
    const copies = [level.copies / gates(c), needed.copies / gates(need)] as const;
    demand(`levels[${l}].copies`, copies[0], copies[1], copies[1] <= copies[0]);
  });
  for (const walk of walks) {
    const { cellPoint } = numbersOf(walk.pass);
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
