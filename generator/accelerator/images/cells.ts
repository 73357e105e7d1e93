import { CELLS, OUTPUT_CELL } from '../../network/cells/registry.js';
import { statePointOf } from '../../network/program.js';
import { lastInput } from '../../network/table-scheme.js';
import { flag, packRecord } from '../build/record.js';
import { hasState } from '../cell/kinds.js';
import { unitOf, unitsOf } from '../cell/units.js';
import { cellTableFields, cellTableWidths } from '../control/cell-table.js';
import type { PlacedModel, StoreSize } from '../memory/store.js';
import { type LayerNumbers, numbersOf } from '../plan/bounds.js';
import { type Configuration, stepsPerGroup, tablesOf, wordColumns } from '../plan/configuration.js';
import type { PassWalk } from '../schedule/pass-walk.js';
import { imageOfWords } from './hex.js';
import { hBase } from './layers.js';

/** Throws where a number is beyond what the hardware was made for, not only beyond its field. */
function within(name: string, value: number, most: number): number {
  if (value < 0 || value > most) throw new RangeError(`${name}: ${value} is not in 0 ... ${most}`);
  return value;
}

/** Shift of c of a pass to the finest point; 0 where the pass keeps none. */
function shiftOf(c: Configuration, point: number | null): number {
  if (point === null) return 0;
  return within('cell_shift', c.cellPointMost - point, c.cellPointMost - c.cellPointLeast);
}

/** Shift of the products of the peepholes of a pass to the finest point, in a design that has some. */
function peepholeShift(
  { peepholes }: Configuration,
  { peepholePoint }: LayerNumbers,
): { readonly peephole_shift?: number } {
  if (peepholes === undefined) return {};
  const { most, least } = peepholes;
  if (peepholePoint === null) return { peephole_shift: 0 };
  return { peephole_shift: within('peephole_shift', most - peepholePoint, most - least) };
}

/** The cell table: what the cell update knows of each pass. */
export function cellImage(c: Configuration, { walks }: PlacedModel, size: StoreSize): string {
  const bases = stepBases(c, walks);
  const passes = walks.map(({ pass }) => pass);
  const fields = cellTableFields(cellTableWidths(c));
  const words = walks.map((walk) => {
    const n = numbersOf(walk.pass);
    const output = walk.pass.cell === OUTPUT_CELL;
    const { low, high } = walk.pass.range;
    const code = (value: number) => value & (2 ** c.words.activation - 1);
    return packRecord(fields, {
      output_layer: flag(output),
      single: flag(walk.h === null),
      flat: flag(walk.turns > 1),
      kind: output ? 0 : unitsOf(c).indexOf(unitOf(walk.pass.cell)),
      ...peepholeShift(c, n),
      clip: walk.pass.clip ?? lastInput(tablesOf(c)),
      range_low: code(low),
      range_high: code(high),
      leaves: flag(walk === walks.at(-1)),
      x_first: flag(walk.first === 'x'),
      shift_x: within('shift_x', n.shiftX, c.shiftXMost),
      shift_h: within('shift_h', n.shiftH, c.shiftHMost),
      shift_bias: within('shift_bias', n.shiftBias, c.shiftBiasMost),
      round: output ? 0 : within('round', c.roundMost - n.round, c.roundMost),
      ...(hasState(c) && { cell_shift: shiftOf(c, statePointOf(passes, walk.index)) }),
      ...(bases[walk.index] as StepBases),
    });
  });
  return imageOfWords(words, size);
}

/**
 * Words of the first step of a pass: of its biases, of those of the first frame of an utterance, which are the same ones where
 * the pass has no others, of its c, and of its h in one buffer.
 */
export interface StepBases extends Readonly<Record<string, number>> {
  readonly bias_base: number;
  readonly first_base: number;
  readonly c_base: number;
  readonly h_base: number;
}

/** Those words of all passes. */
export function stepBases(c: Configuration, walks: readonly PassWalk[]): readonly StepBases[] {
  const perSet = stepsPerGroup(c);
  let [bias, state] = [0, 0];
  let first = walks.reduce((sum, { groups, turns }) => sum + groups * turns * perSet, 0);
  const passes = walks.map(({ pass }) => pass);
  return walks.map(({ index, groups, turns, pass }) => {
    const kept = pass.stateFraction !== null;
    const reads = statePointOf(passes, index) !== null;
    const values = CELLS[pass.cell].leaves === 'values';
    const bases = {
      bias_base: bias,
      first_base: pass.initial === undefined ? bias : first,
      c_base: kept || reads ? state : 0,
      h_base: values
        ? (hBase(c, walks, index) * Math.max(c.cellLanes, wordColumns(c))) / c.cellLanes
        : 0,
    };
    bias += groups * turns * perSet;
    if (kept) state += groups * turns * perSet;
    if (pass.initial !== undefined) first += groups * turns * perSet;
    return bases;
  });
}
