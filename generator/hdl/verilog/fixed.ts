import type { Expr } from '../expr.js';

/** Whether a wider context, where Verilog computes with more bits, leaves the value as it is. */
export function isFixed({ node }: Expr): boolean {
  switch (node.kind) {
    case 'binary':
      if (['+', '-', '*', '<<', '<<<'].includes(node.op)) return false;
      if (['&', '|', '^'].includes(node.op)) return isFixed(node.a) && isFixed(node.b);
      return node.op !== '>>' || isFixed(node.a);
    case 'unary':
      return node.op !== '~' && node.op !== '-';
    case 'choose':
      return isFixed(node.yes) && isFixed(node.no);
    default:
      return true;
  }
}
