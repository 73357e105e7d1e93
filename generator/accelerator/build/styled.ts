import { type Module, specialise } from '../../hdl/index.js';
import type { Configuration } from '../plan/configuration.js';
import { top } from '../top.js';

const described = new WeakMap<Configuration, Module>();

/** The top module of a configuration in its style, described once. */
export function styled(c: Configuration): Module {
  const known = described.get(c);
  if (known !== undefined) return known;
  const module = top(c);
  const result = c.style === 'specialised' ? specialise(module) : module;
  described.set(c, result);
  return result;
}
