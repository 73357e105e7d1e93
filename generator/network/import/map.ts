import { type UserError, unexpected } from '../../base/errors.js';

const CANONICAL =
  /^(lstm|fc|frames|state|initial(\.[hc])?|outside|skip|norm|norm_l(0|[1-9]\d{0,3})|norm\.eps|fc\.norm|lstm\.((weight|bias)_(ih|hh)|weight_hr)_l(0|[1-9]\d{0,3})(_reverse)?|lstm\.(kernel|recurrent_kernel|bias)_l(0|[1-9]\d{0,3})|fc\.(weight|bias|kernel))$/;

/** What `--map` is for, and what an entry looks like. */
export const MAP_HELP = {
  describe:
    'what a module or tensor of the file is: lstm=, fc= or fc=none, frames=, norm=, state=, initial=H,C, skip=none, outside=A,B, lstm.weight_ih_l0= ...',
  example: 'lstm=NAME',
} as const;

/** Canonical names and what the user says stands for them; `outside` has all its names, separated by commas. */
export type NameMap = ReadonlyMap<string, string>;

/**
 * Reads `CANONICAL=NAME` texts.
 * @throws UserError BAD_MAP when a text is none, or a canonical name is unknown or, save `outside`, given twice.
 */
export function parseMap(texts: readonly string[]): NameMap {
  const map = new Map<string, string>();
  for (const text of texts) {
    const [, canonical = '', name = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    if (!CANONICAL.test(canonical) || name === '') {
      throw badMap(
        'lstm=, lstm.weight_ih_l0=, fc=, frames=, norm=, outside= ... and a name of the file',
        text,
      );
    }
    const before = map.get(canonical);
    if (before !== undefined && canonical !== 'outside')
      throw badMap(`${canonical} once`, 'it twice');
    map.set(canonical, before === undefined ? name : `${before},${name}`);
  }
  return map;
}

/** The error for a `--map` that cannot be followed. */
export function badMap(expected: string, got: string, file?: string): UserError {
  return unexpected({ code: 'BAD_MAP', file, field: '--map', expected, got }, '--map');
}
