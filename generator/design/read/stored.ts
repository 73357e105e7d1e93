import type { DesignOptions } from '../../accelerator/index.js';
import type { Raw } from './raw.js';

/** Where the model lies. */
export function storedOf({
  weights,
  loadBits,
  residents,
}: Raw): Pick<DesignOptions, 'weights' | 'loadBits' | 'residents'> {
  if (weights !== 'loaded') return {};
  return {
    weights,
    ...(typeof loadBits === 'number' && { loadBits }),
    ...(typeof residents === 'number' && { residents }),
  };
}

/** The same as options of a command. */
export function storedOptions({
  weights,
  loadBits,
  residents,
}: ReturnType<typeof storedOf>): readonly string[] {
  return [
    ...(weights === undefined ? [] : [`--weights ${weights}`]),
    ...(loadBits === undefined ? [] : [`--load-bits ${loadBits}`]),
    ...(residents === undefined ? [] : [`--residents ${residents}`]),
  ];
}
