/**
 * What the axes of a value mean that comes from an LSTM by operators that move numbers and change none. The parts
 * of which its data are made are time, batch and feature; an axis holds some of them, in row-major order, or none
 * where its length is one.
 */
export type Part = 'time' | 'batch' | 'feature';

/** Lengths of the parts; undefined is unknown. The feature length is known. */
export type Lengths = Readonly<Record<Part, number | undefined>>;

export interface Axes {
  readonly axes: readonly (readonly Part[])[];
  readonly lengths: Lengths;
  /** Only the last frame is left. */
  readonly lastFrame: boolean;
}

/** The axes of a value; parts of length one are on none. */
export function axesOf(
  axes: readonly (readonly Part[])[],
  lengths: Lengths,
  lastFrame = false,
): Axes {
  return { axes: axes.map((parts) => parts.filter((p) => lengths[p] !== 1)), lengths, lastFrame };
}

/** Whether an axis (may be counted from the end) is exactly that part. */
export function holds({ axes, lengths }: Axes, axis: number, part: Part): boolean {
  const parts = axes.at(axis);
  if (parts === undefined || axis < -axes.length) return false;
  return lengths[part] === 1 ? parts.length === 0 : parts.length === 1 && parts[0] === part;
}

/** Length of an axis, or undefined. */
export function lengthOf({ axes, lengths }: Axes, axis: number): number | undefined {
  return product(axes[axis] ?? [], lengths);
}

export function product(parts: readonly Part[], lengths: Lengths): number | undefined {
  let length = 1;
  for (const part of parts) {
    const own = lengths[part];
    if (own === undefined) return undefined;
    length *= own;
  }
  return length;
}
