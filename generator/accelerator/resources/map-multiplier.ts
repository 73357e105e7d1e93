import type { FpgaFamily } from '../../devices/family.js';
import type { MultiplierRules, Product } from '../../devices/logic-rules.js';

/** Device multipliers that Yosys takes for a multiplication (techlibs/common/mul2dsp.v); 0: it becomes logic. */
export function mapMultiplier(family: FpgaFamily, { a, b, width, signed }: Product): number {
  const rules = family.multiplier;
  if (tooSmall(a, b, width, rules)) return 0;
  const wider = rules.signedOnly && !signed ? 1 : 0;
  return parts(Math.max(a, b) + wider, Math.min(a, b) + wider, width, rules);
}

function tooSmall(a: number, b: number, width: number, rules: MultiplierRules): boolean {
  return Math.min(a, b) < rules.leastFactor || width < rules.leastProduct;
}

/** Multipliers of a product whose first factor is the wider one: both are cut until they fit. */
function parts(a: number, b: number, width: number, rules: MultiplierRules): number {
  if (tooSmall(a, b, width, rules)) return 0;
  const lost = rules.signedOnly ? 1 : 0;
  if (a > rules.a) {
    const whole = Math.floor((a - rules.a + rules.part - lost - 1) / (rules.part - lost));
    const last = a - whole * (rules.part - lost);
    return (
      whole * parts(rules.part, b, Math.min(width, b + rules.part), rules) +
      parts(last, b, b + last, rules)
    );
  }
  if (b > rules.b) {
    const whole = Math.floor((b - rules.b + rules.b - lost - 1) / (rules.b - lost));
    const last = b - whole * (rules.b - lost);
    return (
      whole * parts(a, rules.b, Math.min(width, a + rules.b), rules) +
      parts(a, last, a + last, rules)
    );
  }
  return 1;
}
