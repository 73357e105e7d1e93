import { type DesignOptions, PROTECTIONS } from '../../accelerator/index.js';
import type { Raw } from './raw.js';

/** Where the model lies, and what guards its words. */
export function storedOf({
  weights,
  loadBits,
  residents,
  protect,
}: Raw): Pick<DesignOptions, 'weights' | 'loadBits' | 'residents' | 'protect'> {
  const kind = PROTECTIONS.find((known) => known === protect);
  const guarded = kind === undefined || kind === 'none' ? {} : { protect: kind };
  if (weights !== 'loaded') return guarded;
  return {
    ...guarded,
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
  protect,
}: ReturnType<typeof storedOf>): readonly string[] {
  return [
    ...(weights === undefined ? [] : [`--weights ${weights}`]),
    ...(loadBits === undefined ? [] : [`--load-bits ${loadBits}`]),
    ...(residents === undefined ? [] : [`--residents ${residents}`]),
    ...(protect === undefined ? [] : [`--protect ${protect}`]),
  ];
}
