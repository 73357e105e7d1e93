import type { Expr } from '../../expr.js';
import { lookUp, type Uses } from '../use/uses.js';
import type { NameScope } from '../walk/scopes.js';

const RESET = /(^|_)(?<word>n?[as]?(rst|reset))(?<low>_?n)?i?(_|$)/i;

/** Whether a port is a reset by its name: rst, reset, arst, rst_n, aresetn, s_axis_aresetn, ... */
export function isReset(port: string): boolean {
  return RESET.test(port);
}

function isActiveLow(port: string): boolean {
  const { word = '', low } = RESET.exec(port)?.groups ?? {};
  return low !== undefined || word.startsWith('n');
}

/** The value of a condition while the resets are active; undefined where that does not decide it. */
export function truthInReset(test: Expr, scope: NameScope, uses: Uses): boolean | undefined {
  const { node } = test;
  const truth = (value: Expr): boolean | undefined => truthInReset(value, scope, uses);
  switch (node.kind) {
    case 'name': {
      const declared = lookUp(node, scope);
      if (declared?.storage === 'input') {
        return isReset(node.name) ? !isActiveLow(node.name) : undefined;
      }
      const [only, ...more] = (declared && uses.assigned.get(declared)) ?? [];
      if (declared?.storage !== 'wire' || only === undefined || more.length > 0) return undefined;
      return truthInReset(only.value, only.scope, uses);
    }
    case 'literal':
      return node.value !== 0n;
    case 'unary': {
      const inner = truth(node.a);
      return inner === undefined || !['!', '~'].includes(node.op) ? undefined : !inner;
    }
    case 'binary': {
      const sides = [truth(node.a), truth(node.b)];
      if (node.op === '|') return decided(sides, true);
      return node.op === '&' ? decided(sides, false) : undefined;
    }
    default:
      return undefined;
  }
}

/** One side that is `strong` decides; else both are needed. */
function decided(sides: readonly (boolean | undefined)[], strong: boolean): boolean | undefined {
  if (sides.includes(strong)) return strong;
  return sides.includes(undefined) ? undefined : !strong;
}
