/**
 * What the axes of a value mean that comes from a recurrent layer by operators that move numbers and change none. The parts
 * of which its data are made are time, batch and feature, and layer where several layers or directions are stacked; an
 * axis holds some of them, in row-major order, or none where its length is one.
 */
export type Part = 'time' | 'batch' | 'feature' | 'layer';

/** Lengths of the parts; undefined is unknown. The feature length is known; that of layer is 1 where none are stacked. */
export type Lengths = Readonly<Record<Part, number | undefined>>;

export interface Axes {
  readonly axes: readonly (readonly Part[])[];
  readonly lengths: Lengths;
  /** Only the last frame is left. */
  readonly lastFrame: boolean;
  /** The one of the stacked layers that is left. */
  readonly layer?: number;
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

/** Whether the axes are exactly those parts, one each. */
export function are(axes: Axes, ...parts: readonly Part[]): boolean {
  return axes.axes.length === parts.length && parts.every((part, axis) => holds(axes, axis, part));
}

/** Whether the axes hold exactly those parts. */
export function areParts({ axes, lengths }: Axes, parts: readonly (readonly Part[])[]): boolean {
  const text = (one: Axes['axes']) => JSON.stringify(one);
  return text(axes) === text(axesOf(parts, lengths).axes);
}

/** Words for the axes of a value: `[frames, batch, 5]`. */
export function axesText({ axes, lengths }: Axes): string {
  const name = { time: 'frames', batch: 'batch', layer: 'layers', feature: lengths.feature };
  return `[${axes.map((parts) => parts.map((part) => name[part]).join(' x ') || '1').join(', ')}]`;
}
