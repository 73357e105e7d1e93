import { allOf, type Expr, literal, type Statement, set, uint, when } from '../../../hdl/index.js';
import type { HcgsCounters } from './counters.js';
import type { HcgsKit } from './kit.js';
import { levelField } from './table.js';

/** Addresses of the index ROMs: of each level and side, as the ready side runs ahead of the other one. */
export function hcgsPointers(
  { levels, m, io, now, next }: HcgsKit,
  { counts, steps }: HcgsCounters,
): readonly Expr<'u'>[] {
  m.comment(
    'Pointers into the index ROMs; a block row is walked again by every row group set in it.',
  );
  const pointers = levels.map((_, l) => {
    const { w } = counts[l] as (typeof counts)[number];
    const step = steps[l] as Expr<'u'>;
    const pointerBits = m.local(`POINTER_BITS_${l}`, w.base);
    const sides = (['x', 'h'] as const).map((s) => {
      const pointer = m.reg(`${s}_pointer_${l}`, uint(pointerBits));
      const start = m.reg(`${s}_row_${l}`, uint(pointerBits), `start of the block row, level ${l}`);
      const repeats = m.reg(`${s}_repeat_${l}`, uint(w.repeat), 'row group sets walked in it');
      const mine = m.wire(
        `${s}_step_${l}`,
        allOf(io.advance, step, s === 'x' ? io.x_side : io.x_side.not()),
      );
      const after = m.wire(`${s}_pointer_next_${l}`, pointer.increment());
      const complete = repeats.eq(now(levelField.repeat(s, l)));
      const base = next(levelField.base(s, l), pointerBits);
      const endOfSet: Statement = when(
        complete,
        [set(pointer, after), set(start, after), set(repeats, literal(0, w.repeat))],
        [set(pointer, start), set(repeats, repeats.increment())],
      );
      m.always(io.clk, [
        when(
          io.load,
          [set(pointer, base), set(start, base), set(repeats, literal(0, w.repeat))],
          [when(mine, [when(io.tile_last, [endOfSet], [set(pointer, after)])])],
        ),
      ]);
      return pointer;
    });
    return m.wire(`pointer_${l}`, io.x_side.choose(sides[0] as Expr<'u'>, sides[1] as Expr<'u'>));
  });
  return pointers;
}
