import { UserError } from '../../base/errors.js';
import type { Corner } from '../../flow/target.js';

const FORM = 'NAME=FILE,FILE with a name of letters, digits and _ that no other corner has';

/** The files that a corner names. */
export function cornerFiles(text: string): readonly string[] {
  return text
    .slice(text.indexOf('=') + 1)
    .split(',')
    .filter((file) => file !== '');
}

/**
 * The corners that a user names, `slow=cells.lib,sram.lib`.
 * @throws UserError BAD_VALUE for one of another form; BAD_USAGE where nothing is timed
 */
export function cornersOf(
  given: readonly string[] = [],
  synthesisOnly: boolean,
): readonly Corner[] {
  if (synthesisOnly && given.length > 0) {
    throw new UserError({
      code: 'BAD_USAGE',
      message: '--corner times a netlist, and --synthesis-only times none',
      field: '--corner',
    });
  }
  const names = new Set<string>();
  return given.map((text) => {
    const [, name, files] = /^(\w{1,32})=(.+)$/.exec(text) ?? [];
    const liberty = files?.split(',') ?? [];
    if (name === undefined || liberty.includes('') || names.has(name)) {
      throw new UserError({
        code: 'BAD_VALUE',
        message: `--corner: expected ${FORM}, got '${text}'`,
        field: '--corner',
        expected: FORM,
        got: text,
      });
    }
    names.add(name);
    return { name, liberty };
  });
}
