import { type Module, specialise } from '../../hdl/index.js';
import { type Hardware, isChain, styleOf } from '../chain/chain.js';
import { chainTop } from '../chain/top.js';
import { isLoaded, loadedTop } from '../load/top.js';
import { top } from '../top.js';

const described = new WeakMap<Hardware, Module>();

/** The top module of a design in its style, described once. */
export function styled(hardware: Hardware): Module {
  const known = described.get(hardware);
  if (known !== undefined) return known;
  const module = topOf(hardware);
  const result = styleOf(hardware) === 'specialised' ? specialise(module) : module;
  described.set(hardware, result);
  return result;
}

function topOf(hardware: Hardware): Module {
  if (isLoaded(hardware)) return loadedTop(hardware);
  return isChain(hardware) ? chainTop(hardware) : top(hardware);
}
