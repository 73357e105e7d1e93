import type { TemplateFile } from './flow-rules.js';
import type { Product } from './logic-rules.js';

/** Factors of a MULT18X18D, bits. */
const FACTOR_BITS = 18;
const PRODUCT_BITS = 2 * FACTOR_BITS;
const PINS_PER_LINE = 6;

/**
 * Files with which Yosys puts products into ECP5 multipliers together with the register behind them, which it does not do by
 * itself: what to look for, and what to put in its place.
 */
export function registeredProducts(
  design: string,
  products: readonly Product[],
): readonly TemplateFile[] {
  const shapes = new Map(
    products
      .filter(
        ({ a, b, width, signed }) => signed && width === a + b && Math.max(a, b) <= FACTOR_BITS,
      )
      .map(({ a, b }) => [`${a}x${b}`, { a, b }]),
  );
  const context = { name: design, products: [...shapes.values()], pins: pinLines() };
  return ['products', 'multipliers'].map((what) => ({
    path: `flow/ecp5_${what}.v`,
    template: `design/flow_ecp5_${what}.v.hbs`,
    context,
  }));
}

/** Connections of the operand and product pins of a MULT18X18D, in lines. */
function pinLines(): readonly string[] {
  const bus = (pin: string, signal: string, bits: number) =>
    Array.from({ length: bits }, (_, i) => `.${pin}${i}(${signal}[${i}])`);
  const unused = Array.from({ length: FACTOR_BITS }, (_, i) => `.C${i}(1'b0)`);
  const pins = [
    ...bus('A', 'x', FACTOR_BITS),
    ...bus('B', 'y', FACTOR_BITS),
    ...unused,
    ...bus('P', 'p', PRODUCT_BITS),
  ];
  return Array.from({ length: pins.length / PINS_PER_LINE }, (_, i) => {
    const line = pins.slice(i * PINS_PER_LINE, (i + 1) * PINS_PER_LINE).join(', ');
    return (i + 1) * PINS_PER_LINE < pins.length ? `${line},` : line;
  });
}
