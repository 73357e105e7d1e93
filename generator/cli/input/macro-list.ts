import { checkValue } from '../../base/check-value.js';
import { UserError } from '../../base/errors.js';
import { readFileBytes } from '../../base/files.js';
import { macroFileSchema } from '../../design/manifest/macro-list.js';
import type { MacroList } from '../../devices/macros/macro.js';
import { MACRO_PRESETS } from '../../devices/macros/presets.js';

const FILE = { code: 'MACROS', whole: 'the list' } as const;

/**
 * The macros that `--macros` names: a list that hcgs has, or a JSON file.
 * @throws UserError MACROS where the file is no list of macros
 */
export async function readMacroList(named: string): Promise<MacroList> {
  const preset = MACRO_PRESETS[named];
  if (preset !== undefined) return preset;
  const text = Buffer.from(await readFileBytes(named)).toString('utf8');
  const { source: _, ...list } = checkValue(parsed(text, named), named, macroFileSchema, FILE);
  return list;
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(
      { code: 'MACROS', message: `${file} is no JSON: a list of macros is expected`, file },
      { cause: error },
    );
  }
}
