import {
  allOf,
  anyOf,
  div,
  type Expr,
  type Int,
  parameterValue,
  repeat,
  type Scope,
  set,
} from '../../hdl/index.js';
import { OPERANDS, type OperandName, stepWord } from '../decoder/queue/step-words.js';
import type { Configuration } from '../plan/configuration.js';

/** Parameters that say how a step word and the words of the queues are made up. */
type Sizes = Readonly<
  Record<'ACC_BITS' | 'TILE_ROWS' | 'ROW_GROUPS' | 'QUEUE_BITS' | 'CELL_LANES', Int>
>;

/** Whether a step reads the queue of a row group, of one operand: one of the gates of its class names it. */
export function wants(
  scope: Scope,
  c: Configuration,
  p: Sizes,
  word: Expr<'u'>,
  operand: OperandName,
  group: Int,
): Expr<'u'> {
  const { classes, gates, perClass } = stepWord(c);
  const entry = p.QUEUE_BITS.plus(1);
  const own = div(group, perClass);
  const place = scope.local('NUMBER', group.minus(own.times(perClass)), 'in its class');
  const number = parameterValue(place, p.QUEUE_BITS);
  const first = own.plus(OPERANDS.indexOf(operand) * classes).times(gates);
  return anyOf(
    ...Array.from({ length: gates }, (_, gate) => {
      const at = first.plus(gate).times(entry);
      return allOf(word.bit(at), word.part(at.plus(1), p.QUEUE_BITS).eq(number));
    }),
  );
}

/** Puts the words of the queues that a step named to the lanes, class by class and gate by gate. */
export function toLanes(
  m: Scope,
  c: Configuration,
  p: Sizes,
  io: { readonly clk: Expr<'u'>; readonly out: Expr<'u'> },
  named: Expr<'u'>,
  words: Expr<'u'>,
  { operand, sumBits }: { readonly operand: OperandName; readonly sumBits: Int },
): void {
  const { classes, gates, perClass, parts, partBits } = stepWord(c);
  const entry = p.QUEUE_BITS.plus(1);
  const rows = parts > 1 ? p.CELL_LANES : p.TILE_ROWS;
  m.forEach(`${operand}_class`, classes, (group, scope) => {
    for (let gate = 0; gate < gates; gate++) {
      const first = group.plus(OPERANDS.indexOf(operand) * classes).times(gates);
      const at = first.plus(gate).times(entry);
      const there = scope.wire(`there_${gate}`, named.bit(at), 'the row has a sum of the gate');
      const number = scope.wire(`number_${gate}`, named.part(at.plus(1), p.QUEUE_BITS));
      const chosen = scope.orOver(`of_${gate}`, perClass, 'chosen', sumBits, (queue, inner) => {
        const place = group.times(perClass).plus(queue).times(sumBits);
        const mine = inner.wire('mine', allOf(there, number.eq(queue)));
        return inner.wire('gated', repeat(sumBits, mine).and(words.part(place, sumBits)));
      });
      const some = scope.wire(
        `rows_${gate}`,
        parts > 1
          ? partOf(
              scope,
              { gate, parts, bits: rows.times(p.ACC_BITS) },
              chosen,
              named.part(named.width.minus(partBits), partBits),
            )
          : chosen,
      );
      scope.forEach(`row_${gate}`, rows, (row, inner) => {
        const lane = group.times(rows).plus(row);
        inner.always(io.clk, [
          set(
            io.out.part(lane.times(gates).plus(gate).times(p.ACC_BITS), p.ACC_BITS),
            some.part(row.times(p.ACC_BITS), p.ACC_BITS),
          ),
        ]);
      });
    }
  });
}

/** Part `number` of a word: gates and an OR, where a shift by a product of the number would cost twenty times as much. */
function partOf(
  scope: Scope,
  { gate, parts, bits }: { readonly gate: number; readonly parts: number; readonly bits: Int },
  word: Expr<'u'>,
  number: Expr<'u'>,
): Expr<'u'> {
  const whole = scope.wire(`whole_${gate}`, word);
  return scope.orOver(`part_${gate}`, parts, 'kept', bits, (part, inner) => {
    const mine = inner.wire('mine', number.eq(part));
    return inner.wire('own', repeat(bits, mine).and(whole.part(part.times(bits), bits)));
  });
}
