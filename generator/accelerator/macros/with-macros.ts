import type { Macro } from '../../devices/macros/macro.js';
import {
  instancesBelow,
  type Module,
  type PlacedInstance,
  replaceModules,
  type TypedModule,
} from '../../hdl/index.js';
import { enginesOf, type Hardware } from '../chain/chain.js';
import { LEAF_ACCESS, type LeafAccess } from '../memory/leaf.js';
import { gridFor, type MacroGrid } from './grid.js';
import { leafOnMacros, type PlacedSize } from './leaf-on-macros.js';
import { macroModel } from './model.js';

/** The list of macros of a design; undefined: it has none. */
export function macrosOf(hardware: Hardware) {
  return enginesOf(hardware)[0].macros;
}

/** Whether a module is the model of a macro of a design. */
export function isMacro(hardware: Hardware, module: string): boolean {
  return macrosOf(hardware)?.macros.some(({ name }) => name === module) ?? false;
}

/** How a leaf module that macros can stand for is reached, by its name or, of a specialised one, by how that begins. */
export function accessOf(hardware: Hardware, module: string): LeafAccess | undefined {
  return LEAF_ACCESS.find(({ ending }) =>
    [hardware, ...enginesOf(hardware)].some(({ name }) => {
      const leaf = `${name}_${ending}`;
      return module === leaf || module.startsWith(`${leaf}_`);
    }),
  );
}

/** The top module with macros in its memories, as far as the list of the design has any for them. */
export function withMacros(top: Module, hardware: Hardware): Module {
  const list = macrosOf(hardware);
  if (list === undefined) return top;
  const placed = instancesBelow(top);
  const models = new Map<Macro, TypedModule>();
  const modelOf = ({ macro }: MacroGrid): TypedModule => {
    const model = models.get(macro) ?? macroModel(macro);
    models.set(macro, model);
    return model;
  };
  return replaceModules(top, (module) => {
    const access = accessOf(hardware, module.name);
    if (access === undefined) return module;
    const sizes = sizesOf(placed.filter((one) => one.module === module));
    const held = sizes.flatMap((size): PlacedSize[] => {
      const grid = gridFor(size, access.atOnce, list);
      return typeof grid === 'string' ? [] : [{ ...size, grid }];
    });
    return held.length === 0 ? module : leafOnMacros(module, access, held, modelOf);
  });
}

/** Each size of a leaf once, narrow ones first. */
function sizesOf(placed: readonly PlacedInstance[]) {
  const sizes = new Map(
    placed.map(({ numbers }) => {
      const [width, words] = [numbers.get('WIDTH') ?? 0, numbers.get('DEPTH') ?? 0];
      return [`${width}x${words}`, { width, words }] as const;
    }),
  );
  return [...sizes.values()].sort((a, b) => a.width - b.width || a.words - b.words);
}
