import { anyOf, type Expr, type Int, repeat, type Scope, sint, uint } from '../../hdl/index.js';
import { delayed } from '../build/pipeline.js';
import { MEM_DIR } from '../images/names.js';
import { type CellInts, type CellPorts, lanesOf, stateInts } from './cell-interface.js';
import { cellOperand, heldOperand, type LaneSignals, type UnitSignals } from './lane-inputs.js';
import { laneValues } from './lane-interface.js';
import { type LaneParts, type LaneSums, laneHalves, laneSums, type Own } from './lane-sums.js';
import type { LaneModule } from './unit.js';

/** CELL_LANES lanes: a sum for each place, and the update of the cells behind them, kind by kind. */
export function cellLanes(
  m: Scope,
  p: CellInts,
  io: CellPorts,
  parts: LaneParts,
  of: LaneSignals,
): void {
  const rounded = of.places.filter((place) => place.rounded);
  if (rounded.some((place, n) => place !== of.places[n] || place.gate !== n)) {
    throw new Error('sums that are rounded come first, each from the slice of its place');
  }
  const halves = laneHalves(m, p, io, of);
  const used = Math.max(...of.places.map(({ gate }) => gate)) + 1;
  m.forEach('lane', lanesOf(p), (lane, scope) => {
    const own = { of, p, io, lane, halves };
    if (used < of.slices) {
      const first = lane.times(of.slices).plus(used).times(p.ACC_BITS);
      const rest = p.ACC_BITS.times(of.slices - used);
      scope.unused('slices', halves.ready.part(first, rest), halves.complete.part(first, rest));
    }
    const sums = laneSums(scope, own, parts, rounded.length);
    const now = of.state && {
      cell: cellOperand(scope, p, of.pipelined, io.clk, of.state, lane),
      held: heldOperand(scope, of.pipelined, io.clk, of.state, lane),
    };
    const outputs = of.units.map((unit, n) =>
      laneOfUnit(scope, own, parts.lanes[n] as LaneModule, unit, sums, now),
    );
    const values = outputs.map(({ value }) => value);
    scope.assign(
      io.h_data.part(lane.times(p.ACT_BITS), p.ACT_BITS),
      chosen(scope, 'value', of.units, values, ({ value }) => value),
    );
    if (of.state === null) return;
    const { CELL_BITS } = stateInts(p);
    const states = outputs.map(({ state }) => state);
    scope.assign(
      of.state.cellNext.part(lane.times(CELL_BITS), CELL_BITS),
      chosen(scope, 'state', of.units, states, ({ state }) => state),
    );
    const { held } = of.state;
    const kept = outputs.map((one) => one.held);
    if (held !== null && kept.some((one) => one !== null)) {
      const next = chosen(scope, 'held', of.units, kept, ({ state }) => state);
      scope.assign(held.next.part(lane.times(held.bits), held.bits), next);
    }
  });
}

interface UnitOutputs {
  readonly value: Expr<'s'>;
  readonly state: Expr<'s'> | null;
  readonly held: Expr<'u'> | null;
}

/** The lane of one kind, and what it writes, as late as that of the slowest one. */
function laneOfUnit(
  scope: Scope,
  { of, p, io }: Own,
  module: LaneModule,
  { unit, lane, places, channels, active, open, early, late, writes }: UnitSignals,
  sums: LaneSums,
  now: { readonly cell: Expr<'s'>; readonly held: Expr<'u'> | null } | null,
): UnitOutputs {
  const named = (name: string) => (writes === null ? name : `${unit.name}_${name}`);
  const inTime = <S extends 's' | 'u'>(name: string, value: Expr<S>, cycles: number): Expr<S> =>
    delayed(scope, io.clk, name, value, cycles).at(cycles);
  const sees = channels.some(({ operands }) => operands === 'none');
  const inputs = channels.map(({ table, operands }, n) => {
    const place = places[n] as number;
    const port = unit.ports[n] as string;
    if (operands === 'none') return [port, sums.weight(place)] as const;
    return table === null
      ? ([`s_${port}`, sums.open(place)] as const)
      : ([`u_${port}`, sums.rounded(place)] as const);
  });
  const stages = lane.stages(of.pipelined);
  const reads = stages.stateRead !== null;
  const keeps = stages.state !== null && unit.held !== 'written';
  const bits = of.state?.held?.bits;
  const held =
    unit.held === 'written' && bits !== undefined
      ? scope.net(named('held_next'), uint(bits))
      : null;
  const hidden = scope.net(named('hidden'), sint(p.ACT_BITS));
  const next = keeps ? scope.net(named('new_state'), sint(stateInts(p).CELL_BITS)) : null;
  scope.instance(
    writes === null ? 'u_lane' : `u_${unit.name}`,
    module,
    {
      clk: io.clk,
      active,
      ...Object.fromEntries(inputs),
      ...(early === null ? {} : { early }),
      ...(open ? { round: of.shifts.round } : {}),
      ...(of.peephole !== null && sees ? { peephole_shift: of.peephole } : {}),
      ...(of.ranges !== null && takesRange(module) ? of.ranges : {}),
      ...(of.clip !== null && 'limit' in module.ports ? { limit: of.clip.sums } : {}),
      ...(!reads || now === null || of.state === null
        ? {}
        : {
            cell_now: inTime(named('cell_now'), now.cell, late.read),
            ...('cell_shift' in module.ports && { cell_shift: of.state.cellShift }),
          }),
      ...(next === null ? {} : { cell_next: next }),
      ...(held === null ? {} : { held_next: held }),
      ...(unit.held !== 'read' || !now?.held
        ? {}
        : { held_now: inTime(named('held_now'), now.held, late.read) }),
      hidden,
    },
    {
      ...laneValues(p, reads, module),
      ...(open ? openValues(p) : {}),
      ...(sees ? peepholeValues(p) : {}),
      ...(lane.tables.length > 0 && { MEM_DIR }),
    },
  );
  return {
    value: inTime(named('hidden'), hidden, late.value),
    state: next && inTime(named('new_state'), next, late.state),
    held: held && inTime(named('held_next'), held, late.state),
  };
}

function takesRange({ ports }: LaneModule): boolean {
  return 'low' in ports;
}

/** Of what the kinds of lanes write, that of the kind whose step it is. */
function chosen(
  scope: Scope,
  name: string,
  units: readonly UnitSignals[],
  values: readonly (Expr<'s'> | Expr<'u'> | null)[],
  when: (writes: NonNullable<UnitSignals['writes']>) => Expr<'u'>,
): Expr<'u'> {
  const own = values.flatMap((value, n) => {
    const writes = units[n]?.writes;
    return value === null ? [] : [{ value: value.asUnsigned(), on: writes ? when(writes) : null }];
  });
  const [first] = own;
  if (first === undefined) throw new Error('no lane writes this');
  if (own.length === 1) return first.value;
  const masked = own.map(({ value, on }) => repeat(value.width, on as Expr<'u'>).and(value));
  return scope.wire(name, anyOf(...masked), 'of the kind of lanes whose step it is');
}

/** What a lane has to know of its peepholes. */
function peepholeValues(p: CellInts): Readonly<Record<string, Int>> {
  const { BIAS_BITS, PEEPHOLE_POINT, PEEPHOLE_SHIFT_MOST, PEEPHOLE_SHIFT_BITS } = p;
  if (!PEEPHOLE_POINT || !PEEPHOLE_SHIFT_MOST || !PEEPHOLE_SHIFT_BITS) {
    throw new Error('no peepholes in this design');
  }
  return { BIAS_BITS, PEEPHOLE_POINT, PEEPHOLE_SHIFT_MOST, PEEPHOLE_SHIFT_BITS };
}

/** What a lane has to know of sums that it rounds itself. */
function openValues({ SUM_BITS, ROUND_MOST, ROUND_BITS }: CellInts) {
  return { SUM_BITS, ROUND_MOST, ROUND_BITS };
}
