import type { MatrixMap } from '../maps/map.js';
import type { Picture } from '../pictures/picture.js';

/** A table of a report. Numbers stand at the right of their column. */
export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** A part of a report. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** Sentences in front. */
  readonly text: readonly string[];
  readonly tables: readonly Table[];
  readonly pictures: readonly Picture[];
  readonly maps: readonly MatrixMap[];
  /** What is missing, and how it comes in: a sentence each. */
  readonly missing: readonly string[];
}

/** A section; what is not said is empty. */
export function section(
  id: string,
  title: string,
  parts: Partial<Omit<Section, 'id' | 'title'>>,
): Section {
  return { text: [], tables: [], pictures: [], maps: [], missing: [], ...parts, id, title };
}

/** A number with at most `digits` significant digits, and spaces between thousands. */
export function figure(value: number, digits = 4): string {
  const rounded = Number.isInteger(value) ? value : Number(value.toPrecision(digits));
  if (Math.abs(rounded) < 1e4) return String(rounded);
  return String(Math.round(rounded)).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
