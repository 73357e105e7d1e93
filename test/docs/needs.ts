import { PLACED_FAMILIES } from '../../generator/devices/find.js';
import type { ToolSpec } from '../../generator/devices/tool.js';
import { OPENSTA } from '../../generator/flow/tools/tool-specs.js';
import { programPath, startOf } from '../../generator/flow/tools/tools.js';

/** Whether what a word stands for is here. */
type Here = () => boolean;

const never: Here = () => false;
const tool =
  ({ sources }: ToolSpec): Here =>
  () =>
    sources.some((source) => startOf(source, process.env) !== null);
const program =
  (name: string): Here =>
  () =>
    programPath(name) !== null;

/**
 * What a block of a page can need, besides what scripts/setup installs; CONTRIBUTING.md has the list for authors. A block
 * is run when all of it is here.
 */
export const NEEDS: ReadonlyMap<string, Here> = new Map<string, Here>([
  ...PLACED_FAMILIES.map(({ place }) => [place.nextpnr.name, tool(place.nextpnr)] as const),
  ['opensta', tool(OPENSTA)],
  ['fusesoc', program('fusesoc')],
  ['vivado', program('vivado')],
  ['minutes', () => true],
  ['hours', never],
  ['network', never],
  ['board', never],
  ['files', never],
  ['models', never],
  ['home', never],
]);

/** `run`, or the words behind `needs`; null for a block that is neither. */
export function blockNeeds(info: string): 'run' | readonly string[] | null {
  const [language, kind, ...words] = info.split(' ');
  if (language !== 'sh') return null;
  if (kind === 'run' && words.length === 0) return 'run';
  const known = words.length > 0 && words.every((word) => NEEDS.has(word));
  return kind === 'needs' && known ? words : null;
}

/** Whether a block is run: those that need something only where everything is asked for. */
export function isRun(info: string, all: boolean): boolean {
  const needs = blockNeeds(info);
  if (needs === null || needs === 'run') return needs === 'run';
  return all && needs.every((word) => NEEDS.get(word)?.() === true);
}
