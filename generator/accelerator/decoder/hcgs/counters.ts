import { allOf, type Expr, literal, set, uint, when } from '../../../hdl/index.js';
import type { HcgsKit } from './kit.js';
import { levelField } from './table.js';

/** Which tile of a half is in hand: counters of the innermost block and of the kept blocks on each level. */
export function hcgsCounters({ levels, m, io, widths, field }: HcgsKit) {
  m.comment(
    'Counters: the tile in the innermost block, and on each level which of the kept blocks.',
  );
  const inner = m.reg(uint(widths.inner), 'tile in the innermost block');
  const innerLast = m.wire(inner.eq(field((s) => `${s}_inner`)));
  const counts = levels.map((_, l) => {
    const w = widths.levels[l] as (typeof widths.levels)[number];
    const count = m.reg(
      `kept_${l}`,
      uint(w.keep),
      `ordinal of the block of level ${l} among those kept`,
    );
    const last = m.wire(`kept_last_${l}`, count.eq(field((s) => levelField.keep(s, l))));
    return { count, last, w };
  });
  // A level steps when every level inside it has come round.
  const steps: Expr<'u'>[] = [];
  for (let l = levels.length - 1; l >= 0; l--) {
    const inside = counts[l + 1];
    const step = inside ? allOf(steps[0] as Expr<'u'>, inside.last) : innerLast;
    steps.unshift(m.wire(`step_${l}`, step));
  }
  const outer = counts[0];
  m.assign(io.tile_last, outer ? allOf(steps[0] as Expr<'u'>, outer.last) : innerLast);
  m.assign(io.tile_first, allOf(inner.eq(0), ...counts.map(({ count }) => count.eq(0))));
  m.always(io.clk, [
    when(
      io.rst,
      [
        set(inner, literal(0, widths.inner)),
        ...counts.map(({ count, w }) => set(count, literal(0, w.keep))),
      ],
      [
        when(io.advance, [
          set(inner, innerLast.choose(literal(0, widths.inner), inner.increment())),
          ...counts.map(({ count, last, w }, l) =>
            when(steps[l] as Expr<'u'>, [
              set(count, last.choose(literal(0, w.keep), count.increment())),
            ]),
          ),
        ]),
      ],
    ),
  ]);
  return { inner, counts, steps };
}

export type HcgsCounters = ReturnType<typeof hcgsCounters>;
