import { patternText } from './pattern.js';
import type { Scalar } from './point.js';
import type { CheckedNetwork, CheckedSpace } from './space.js';

/** A setting that is tried at several values. */
export interface NamedAxis {
  /** Where it stands in the space. */
  readonly part: 'random' | 'compress' | 'design' | 'synth';
  readonly key: string;
  readonly values: readonly unknown[];
}

/** Settings of `synth` by the names that they have in tables. */
const SYNTH_NAMES: Readonly<Record<string, string>> = { seed: 'synthSeed' };

/** The axes of a network of a space, those of the network first: the last ones vary fastest. */
export function axesOf(network: CheckedNetwork, space: CheckedSpace): readonly NamedAxis[] {
  return [
    ...listed('random', network.random),
    ...listed('compress', network.compress),
    ...listed('design', space.design),
    ...listed('synth', space.synth),
  ];
}

/** Of an object, the fields that are lists of values. */
function listed(part: NamedAxis['part'], fields: object | undefined): readonly NamedAxis[] {
  return Object.entries(fields ?? {}).flatMap(([key, values]) =>
    Array.isArray(values) ? [{ part, key, values }] : [],
  );
}

/** How tables call an axis, and a value of it. */
export function axisName({ part, key }: NamedAxis): string {
  return part === 'synth' ? (SYNTH_NAMES[key] ?? key) : key;
}

export function valueText(key: string, value: unknown): Scalar {
  return key === 'pattern'
    ? patternText(value as Parameters<typeof patternText>[0])
    : (value as Scalar);
}
