import { allOf, type Expr, type Int, type Scope, set, uint, when } from '../../hdl/index.js';
import { type Configuration, gatesInTurn } from '../plan/configuration.js';

/**
 * Sums of both halves of all gates of a set, [cell][gate]. Where gates come in turn, those of the ones before the last are held
 * until it is there; the last one of a cell with fewer gates is any of them.
 */
export function allGates(
  c: Configuration,
  m: Scope,
  p: { readonly CELLS: Int; readonly ACC_BITS: Int },
  io: Readonly<Record<'clk' | 'ready_sums' | 'complete_sums', Expr<'u'>>> & {
    readonly hold?: Expr<'u'> | undefined;
    readonly gate?: Expr<'u'> | undefined;
  },
): { readonly ready: Expr<'u'>; readonly complete: Expr<'u'> } {
  const { hold, gate } = io;
  if (hold === undefined || gate === undefined) {
    return { ready: io.ready_sums, complete: io.complete_sums };
  }
  const turns = gatesInTurn(c);
  const { CELLS, ACC_BITS } = p;
  // the gates of one turn, of a cell
  const some = ACC_BITS.times(c.slices);
  const gatesOf = (turn: number) =>
    c.slices === 1 ? `gate ${turn}` : `gates ${turn * c.slices} ... ${(turn + 1) * c.slices - 1}`;
  const collected = (name: string, now: Expr<'u'>): Expr<'u'> => {
    const all = m.net(`${name}_gates`, uint(CELLS.times(turns).times(some)));
    const held = Array.from({ length: turns - 1 }, (_, g) =>
      m.reg(`${name}_held_${g}`, uint(CELLS.times(some)), `sums of ${gatesOf(g)}`),
    );
    m.always(
      io.clk,
      held.map((own, g) => when(allOf(hold, gate.eq(g)), [set(own, now)])),
    );
    m.forEach(`${name}_cell`, CELLS, (cell, scope) => {
      for (let g = 0; g < turns; g++) {
        const own = now.part(cell.times(some), some);
        const before = held[g]?.part(cell.times(some), some);
        const place = cell.times(turns).plus(g).times(some);
        const value = before === undefined ? own : gate.eq(g).choose(own, before);
        scope.assign(all.part(place, some), value);
      }
    });
    return all;
  };
  return {
    ready: collected('ready', io.ready_sums),
    complete: collected('complete', io.complete_sums),
  };
}
