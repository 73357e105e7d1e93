import { type Module, specialise } from '../../hdl/index.js';
import { type Hardware, isChain, styleOf } from '../chain/chain.js';
import { chainTop } from '../chain/top.js';
import { isLoaded, loadedTop } from '../load/top.js';
import { macrosOf, withMacros } from '../macros/with-macros.js';
import { top } from '../top.js';

const described = new WeakMap<Hardware, Module>();
const plain = new WeakMap<Hardware, Module>();

/** The top module of a design in its style, described once. */
export function styled(hardware: Hardware): Module {
  return once(described, hardware, () => inStyle(withMacros(bare(hardware), hardware), hardware));
}

/** The same with plain memories in place of macros, as an FPGA has them. */
export function styledPlain(hardware: Hardware): Module {
  if (macrosOf(hardware) === undefined) return styled(hardware);
  return once(plain, hardware, () => inStyle(bare(hardware), hardware));
}

function bare(hardware: Hardware): Module {
  if (isLoaded(hardware)) return loadedTop(hardware);
  return isChain(hardware) ? chainTop(hardware) : top(hardware);
}

function inStyle(module: Module, hardware: Hardware): Module {
  return styleOf(hardware) === 'specialised' ? specialise(module) : module;
}

function once(
  known: WeakMap<Hardware, Module>,
  hardware: Hardware,
  describe: () => Module,
): Module {
  const module = known.get(hardware) ?? describe();
  known.set(hardware, module);
  return module;
}
