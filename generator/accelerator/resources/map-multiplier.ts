import type { ProductStock } from '../../hdl/index.js';
import type { Family } from './devices.js';

/** Multiplication whose factors have `a` and `b` bits and whose product has `width`. */
type Product = Pick<ProductStock, 'a' | 'b' | 'width' | 'signed'>;

/** Options of Yosys' mul2dsp.v for the multiplier of a family. */
interface MultiplierRules {
  readonly cell: string;
  /** Widest factors. */
  readonly a: number;
  readonly b: number;
  /** Bits of the first factor in each part of a product that is cut into several. */
  readonly part: number;
  /** Narrower factors and products become logic. */
  readonly leastFactor: number;
  readonly leastProduct: number;
  /** Unsigned factors take one bit more, and parts lose one. */
  readonly signedOnly: boolean;
}

/** From the calls of `techmap` in techlibs/{ecp5,ice40,xilinx}/synth_*.cc. */
const RULES: Readonly<Record<Family, MultiplierRules>> = {
  ecp5: {
    cell: 'MULT18X18D',
    a: 18,
    b: 18,
    part: 18,
    leastFactor: 2,
    leastProduct: 0,
    signedOnly: false,
  },
  ice40: {
    cell: 'SB_MAC16',
    a: 16,
    b: 16,
    part: 16,
    leastFactor: 2,
    leastProduct: 11,
    signedOnly: false,
  },
  xilinx: {
    cell: 'DSP48E1',
    a: 25,
    b: 18,
    part: 18,
    leastFactor: 2,
    leastProduct: 9,
    signedOnly: true,
  },
};

/** The multiplier primitive of a family. */
export function multiplierCell(family: Family): string {
  return RULES[family].cell;
}

/** Device multipliers that Yosys takes for a multiplication (techlibs/common/mul2dsp.v); 0: it becomes logic. */
export function mapMultiplier(family: Family, { a, b, width, signed }: Product): number {
  const rules = RULES[family];
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
