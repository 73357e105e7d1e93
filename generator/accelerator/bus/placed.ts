import { concat, type Expr, literal } from '../../hdl/index.js';
import { fieldOf, REGISTER_BITS, type RegisterName } from './register-map.js';

/** The word of a register from its fields; bits of none are 0. */
export function placed(
  register: RegisterName,
  values: Readonly<Record<string, Expr<'u'>>>,
): Expr<'u'> {
  const fields = Object.entries(values)
    .map(([name, value]) => ({ low: fieldOf(register, name).low, value }))
    .sort((a, b) => a.low - b.low);
  const parts: Expr<'u'>[] = [];
  let at = 0;
  for (const { low, value } of fields) {
    if (low > at) parts.push(literal(0, low - at));
    parts.push(value);
    at = low + (value.width.constant as number);
  }
  if (at < REGISTER_BITS) parts.push(literal(0, REGISTER_BITS - at));
  return concat(...parts.reverse());
}
