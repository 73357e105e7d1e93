import { allOf, concat, type Expr, type Scope, set, when } from '../../hdl/index.js';
import { LOAD_WORD } from './rows.js';

/** The beats of a word side by side, the first one low; while beats are skipped, the last 32 bits of them. */
export function collectWord(
  m: Scope,
  io: Readonly<Record<'clk' | 's_load_tdata' | 'store_data', Expr<'u'>>>,
  at: {
    readonly bits: number;
    readonly data: number;
    readonly accept: Expr<'u'>;
    readonly lane: Expr<'u'>;
    readonly lost: Expr<'u'>;
  },
): void {
  const { bits, data, accept, lane, lost } = at;
  const perWord = LOAD_WORD / bits;
  const beat = (n: number) => io.store_data.part(n * bits, bits);
  const low = Array.from({ length: perWord }, (_, n) =>
    when(lane.eq(n), [set(beat(n), io.s_load_tdata)]),
  );
  const skipped =
    perWord === 1
      ? io.s_load_tdata
      : concat(io.s_load_tdata, io.store_data.part(bits, LOAD_WORD - bits));
  m.always(
    io.clk,
    [when(accept, [when(lost, [set(io.store_data.part(0, LOAD_WORD), skipped)], low)])],
    'A word, beat by beat; of beats that are skipped the last ones.',
  );
  const more = data / bits - perWord;
  if (more === 0) return;
  m.forEach('beat', more, (n, scope) =>
    scope.always(io.clk, [
      when(allOf(accept, lane.eq(n.plus(perWord))), [
        set(io.store_data.part(n.plus(perWord).times(bits), bits), io.s_load_tdata),
      ]),
    ]),
  );
}
