import { type Int, int, type Scope } from '../../hdl/index.js';
import type { CellStages } from './stages.js';

/** Stages of the cell update as localparams, and what follows from them. */
export type StageNames = Readonly<Record<keyof CellStages | 'operand', Int>>;

/** Declares the stages of the cell update; where there is one sum, it is the first and the last. `kept`: there is a state. */
export function nameStages(
  m: Scope,
  stage: CellStages & { readonly operand: number },
  kept: boolean,
): StageNames {
  m.comment('Stages, in cycles after a step.');
  const operand =
    stage.operand === 0
      ? int(0)
      : m.local('OPERAND_STAGE', int(stage.operand), 'its sums are in registers');
  /** A stage of one cycle has no name: a bit that is one cycle late has no place in its line. */
  const named = (label: string, cycles: number, note: string): Int =>
    cycles < 2 ? int(cycles) : m.local(label, int(cycles), note);
  const sum = named('SUM_STAGE', stage.sum, 'they are aligned and added');
  const lastSum =
    stage.lastSum === stage.sum
      ? sum
      : m.local('LAST_SUM_STAGE', int(stage.lastSum), 'those of its last gate are');
  const u = stage.u === stage.sum ? sum : m.local('U_STAGE', int(stage.u), 'u is at the table');
  const [cellRead, cell] = kept
    ? [
        named('C_READ_STAGE', stage.cellRead, 'the address of c is at its memory'),
        m.local('C_STAGE', int(stage.cell), "c' is written"),
      ]
    : [int(stage.cellRead), int(stage.cell)];
  const retire = named('RETIRE_STAGE', stage.retire, 'tiles that need its h may be issued');
  const hidden = m.local('H_STAGE', int(stage.hidden), 'h is written');
  return { operand, sum, lastSum, u, cellRead, cell, hidden, retire };
}
