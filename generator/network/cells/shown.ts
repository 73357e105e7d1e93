import type { Cell } from './cell.js';

/** What can be seen of a pass: its sums, the state that it keeps, the value that it writes. */
export const ROLES = ['sums', 'state', 'value'] as const;
export type Role = (typeof ROLES)[number];

/** A tensor that the hardware shows of each frame of a pass, for co-simulation. */
export interface Shown {
  readonly role: Role;
  readonly name: string;
  /** Of several numbers in a row, their names; null: there is one. */
  readonly channels: readonly string[] | null;
}

/** What is shown of passes of a kind of cell, in the order of computation; nothing where the sums leave as they are. */
export function shownOf({
  channels,
  state,
  value,
}: Pick<Cell, 'channels' | 'state' | 'value'>): readonly Shown[] {
  if (value === null) return [];
  return [
    { role: 'sums', name: 'sums', channels: channels.map(({ name }) => name) },
    ...(state === null ? [] : [{ role: 'state', name: state, channels: null } as const]),
    { role: 'value', name: value, channels: null },
  ];
}
