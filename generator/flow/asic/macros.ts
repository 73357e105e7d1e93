import type { ChipMemories } from '../../accelerator/index.js';
import type { MacroUse } from '../report/report.js';
import type { Liberty } from './liberty.js';

/** The blocks that a module of the netlist is; the core for what is in none. */
export function blocksOf(module: string, { blocks }: ChipMemories): readonly string[] {
  const found = blocks.filter((block) => block.module === module).map(({ instance }) => instance);
  return found.length === 0 ? ['u_core'] : found;
}

/**
 * The memories of a design that are in its netlist: of one that nothing reads, synthesis leaves nothing. `list`: a line
 * for each, its module and its name there, `kws_cell_update/u_c`, as flow/asic.ys writes them. Areas are those of `libraries`,
 * else of the list of macros.
 */
export function macrosInNetlist(
  list: string,
  chip: ChipMemories,
  libraries: readonly Liberty[] = [],
): readonly MacroUse[] {
  const paths = new Set(
    list.split('\n').flatMap((line) => {
      const [module = '', cell] = line.split('/');
      if (cell === undefined) return [];
      return blocksOf(module, chip).map((block) =>
        block === 'u_core' ? `u_core.${cell}` : `u_core.${block}.${cell}`,
      );
    }),
  );
  return chip.macros
    .map(({ name: macro, kind, words, bits, instances, area }) => {
      const cell = libraries.map(({ cells }) => cells.get(macro)).find((found) => found);
      return {
        ...{ macro, kind, words, bits, area: cell?.area ?? area, assumed: cell === undefined },
        instances: instances.filter((path) => paths.has(path)),
      };
    })
    .filter(({ instances }) => instances.length > 0);
}
