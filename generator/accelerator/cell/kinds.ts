import { cellOf } from '../../network/cells/registry.js';
import type { Configuration } from '../plan/configuration.js';

/** The kinds of cells that a design has lanes for. */
export type Cells = Pick<Configuration, 'cells'>;

/** Name of the states of a design that keeps some: that of its cell, or where several keep one `state`. */
export function stateName({ cells }: Cells): string {
  const names = new Set(cells.flatMap((kind) => cellOf(kind).state ?? []));
  const [first] = names;
  if (first === undefined) throw new Error('no cell keeps a state');
  return names.size === 1 ? first : 'state';
}

/** Whether lanes keep something from frame to frame. */
export function hasState({ cells }: Cells): boolean {
  return cells.some((kind) => cellOf(kind).state !== null);
}

/** Whether a pass holds a value of each row for the one behind it. */
export function hasHeld({ cells }: Cells): boolean {
  return cells.some((kind) => cellOf(kind).behind !== undefined);
}

/** Whether sets may be under way when a pass goes on that waits for others. */
export function hasAllowances({ cells, queues }: Cells & Pick<Configuration, 'queues'>): boolean {
  return queues !== undefined || hasSingles({ cells });
}

/** Whether layers of one operand go through the lanes. */
export function hasSingles({ cells }: Cells): boolean {
  return cells.some((kind) => cellOf(kind).operands === 1);
}
