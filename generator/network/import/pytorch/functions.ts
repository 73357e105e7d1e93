import type { NameMap } from '../map.js';
import type { Beside } from './beside.js';
import type { LayerNames } from './layer-names.js';
import { covers } from './others.js';
import { namesText, type TensorReader } from './tensors.js';

/** What is settled of a network whose functions without weights are looked at. */
export interface Settled {
  readonly map: NameMap;
  /** Names that the user says lie outside of the hardware. */
  readonly outside: readonly string[];
  readonly names: LayerNames;
  /** Functions known to stand behind the output layer. */
  readonly final: readonly string[];
}

/**
 * A function without weights, an activation say, may stand between the recurrent layers and the output layer, where there is no
 * hardware for it. It cannot where the user has said that the layer stands directly on h, or that there is none, and
 * that the layers lie directly on each other.
 * @throws UserError MODULE_UNKNOWN with the functions of which the place is not known
 */
export function refuseFunctions(
  { functions }: Beside,
  { map, outside, names, final }: Settled,
  reader: TensorReader,
): void {
  const open = functions.filter(
    ({ name }) => !final.includes(name) && !outside.some((one) => covers(one, name)),
  );
  const [first] = open;
  if (first === undefined) return;
  const direct = map.has('fc') || map.has('fc.weight');
  const { modules } = names;
  // the loop around a cell is the user's own, and may have functions within
  const layers = modules.length > 0 && modules.every(({ kind }) => kind === 'layers');
  if (direct && layers && (modules.length === 1 || map.has('lstm'))) return;
  const outer = open.map(({ name }) => name).join(',');
  const expected = `nothing that may stand between the recurrent layers and the output layer; --map outside=${outer} where it stands before x or behind the outputs, --map fc=NAME where the layer NAME stands directly on h all the same, or fc=none where the hardware ends with h`;
  const got = namesText(open.map(({ name, what }) => `${name} (${what})`));
  throw reader.fail('MODULE_UNKNOWN', first.name, expected, got);
}
