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
  const gates = gatesInTurn(c);
  const { CELLS, ACC_BITS } = p;
  const collected = (name: string, now: Expr<'u'>): Expr<'u'> => {
    const all = m.net(`${name}_gates`, uint(CELLS.times(gates).times(ACC_BITS)));
    const held = Array.from({ length: gates - 1 }, (_, g) =>
      m.reg(`${name}_held_${g}`, uint(CELLS.times(ACC_BITS)), `sums of gate ${g}`),
    );
    m.always(
      io.clk,
      held.map((own, g) => when(allOf(hold, gate.eq(g)), [set(own, now)])),
    );
    m.forEach(`${name}_cell`, CELLS, (cell, scope) => {
      for (let g = 0; g < gates; g++) {
        const own = now.part(cell.times(ACC_BITS), ACC_BITS);
        const before = held[g]?.part(cell.times(ACC_BITS), ACC_BITS);
        const place = cell.times(gates).plus(g).times(ACC_BITS);
        const value = before === undefined ? own : gate.eq(g).choose(own, before);
        scope.assign(all.part(place, ACC_BITS), value);
      }
    });
    return all;
  };
  return {
    ready: collected('ready', io.ready_sums),
    complete: collected('complete', io.complete_sums),
  };
}
