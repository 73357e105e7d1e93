import { type Expr, type Int, int, type Scope, sint, uint } from '../../hdl/index.js';
import type { Channel } from '../../network/cells/cell.js';
import { delayed } from '../build/pipeline.js';
import { type CellInts, type CellPorts, lanesOf } from './cell-interface.js';
import {
  type AlignedSum,
  alignedSumValues,
  type GateSum,
  gateSumLatency,
  gateSumValues,
} from './gate-sum.js';
import { gateOperands, type LaneSignals } from './lane-inputs.js';
import type { Place } from './places.js';
import type { LaneModule } from './unit.js';

/** Blocks of the lanes, a lane of each kind; sums that no table gets are aligned only. */
export interface LaneParts {
  readonly gateSum: GateSum;
  readonly alignedSum: AlignedSum | null;
  readonly lanes: readonly LaneModule[];
}

/** What a lane is made from. */
export interface Own {
  readonly of: LaneSignals;
  readonly p: CellInts;
  readonly io: CellPorts;
  readonly lane: Int;
  readonly halves: Halves;
}

/** Sums of both halves of a set, [lane][slice]. */
type Halves = Readonly<Record<'ready' | 'complete', Expr<'u'>>>;

/**
 * The sums as the lanes take them: where rows take turns, a lane takes one out of the slices of a cell as its only sum, and the
 * cells of a step are fewer.
 */
export function laneHalves(
  m: Scope,
  p: CellInts,
  io: CellPorts,
  { flat, slices }: LaneSignals,
): Halves {
  const halves = { ready: io.ready_sums, complete: io.complete_sums };
  if (flat === null || p.TURN_CELLS === undefined) return halves;
  const { TURN_CELLS, ACC_BITS } = p;
  const all = uint(lanesOf(p).times(slices).times(ACC_BITS));
  const taken = (name: string, sums: Expr<'u'>): Expr<'u'> => {
    const own = m.net(`${name}_rows`, uint(lanesOf(p).times(ACC_BITS)), 'a row for each lane');
    m.forEach(`${name}_cell`, TURN_CELLS, (cell, scope) => {
      for (let slice = 0; slice < flat.slices; slice++) {
        const lane = cell.times(flat.slices).plus(slice);
        const from = cell.times(slices).plus(slice);
        scope.assign(
          own.part(lane.times(ACC_BITS), ACC_BITS),
          sums.part(from.times(ACC_BITS), ACC_BITS),
        );
      }
    });
    const result = m.net(`${name}_taken`, all);
    m.forEach(`${name}_lane`, lanesOf(p), (lane, scope) => {
      const first = lane.times(slices).times(ACC_BITS);
      scope.assign(
        result.part(first, ACC_BITS),
        flat.now.choose(own.part(lane.times(ACC_BITS), ACC_BITS), sums.part(first, ACC_BITS)),
      );
      if (slices === 1) return;
      const rest = ACC_BITS.times(slices - 1);
      const next = first.plus(ACC_BITS);
      scope.assign(result.part(next, rest), sums.part(next, rest));
    });
    return result;
  };
  return { ready: taken('ready', halves.ready), complete: taken('complete', halves.complete) };
}

/** The sums of a lane, by place: as they are, and rounded for a table. */
export interface LaneSums {
  readonly rounded: (place: number) => Expr<'s'>;
  readonly open: (place: number) => Expr<'s'>;
  /** Of a place without operands: its bias, with the sums. */
  readonly weight: (place: number) => Expr<'s'>;
}

export function laneSums(scope: Scope, own: Own, parts: LaneParts, rounded: number): LaneSums {
  const { of, p, io, lane } = own;
  const { inputBits } = of.scheme;
  const u = rounded > 0 ? scope.net('u', uint(rounded * inputBits)) : null;
  if (u !== null)
    scope.forEach('gate', rounded, (gate, inner) => {
      const { place, operands } = placeOperands(inner, own, gate, gate, 'all');
      inner.instance(
        'u_gate_sum',
        parts.gateSum,
        {
          clk: io.clk,
          active: of.sumActive,
          ...operands,
          ...of.shifts,
          ...(of.clip !== null && { limit: of.clip.clamp }),
          sum: io.sums.part(place.times(p.SUM_BITS), p.SUM_BITS),
          u: u.part(gate.times(inputBits), inputBits),
        },
        gateSumValues(p),
      );
    });
  const aligned = of.places.map((place, n) =>
    n < rounded ? null : openSum(scope, own, parts, place, n),
  );
  const known = new Map<string, Expr<'s'>>();
  const wire = (name: string, value: () => Expr<'s'>): Expr<'s'> => {
    const made = known.get(name) ?? scope.wire(name, value());
    known.set(name, made);
    return made;
  };
  return {
    weight: (place) => {
      const { name } = of.places[place] as Place;
      const bias = aligned[place]?.bias as Expr<'s'>;
      const latency = gateSumLatency(of.pipelined);
      return delayed(scope, io.clk, `${name}_weight`, bias, latency).at(latency);
    },
    rounded: (place) =>
      wire(`u_${of.places[place]?.name}`, () =>
        (u as Expr<'u'>).part(place * inputBits, inputBits).asSigned(),
      ),
    open: (place) =>
      aligned[place]?.sum ??
      wire(`s_${of.places[place]?.name}`, () => {
        const at = lane.times(of.places.length).plus(place);
        return io.sums.part(at.times(p.SUM_BITS), p.SUM_BITS).asSigned();
      }),
  };
}

/** Registers of the operands of a place, and its number among those of all lanes. */
function placeOperands(
  scope: Scope,
  { of, p, io, lane, halves }: Own,
  at: Int,
  gate: Int,
  operands: Channel['operands'],
  name?: (own: string) => string,
) {
  const clock = io.clk;
  const place = lane.times(of.places.length).plus(at);
  const slice = lane.times(of.slices).plus(gate);
  const from = {
    ready: halves.ready.part(slice.times(p.ACC_BITS), p.ACC_BITS),
    complete: halves.complete.part(slice.times(p.ACC_BITS), p.ACC_BITS),
    bias: of.biases.part(place.times(p.BIAS_BITS), p.BIAS_BITS),
    when: of.step,
    operands,
  };
  return { place, operands: gateOperands(scope, p, clock, of, from, name) };
}

/** The aligned sum of a place that no table gets. */
function openSum(
  scope: Scope,
  own: Own,
  { alignedSum }: LaneParts,
  { name, gate, operands: taken }: Place,
  at: number,
): { readonly sum: Expr<'s'>; readonly bias: Expr<'s'> } {
  const { of, p, io } = own;
  if (alignedSum === null) throw new Error('no block for sums that no table gets');
  const named = (part: string) => `${name}_${part}`;
  const { place, operands } = placeOperands(scope, own, int(at), int(gate), taken, named);
  const { round: _, ...shifts } = of.shifts;
  const sum = scope.net(`s_${name}`, sint(p.SUM_BITS));
  scope.instance(
    `u_${name}_sum`,
    alignedSum,
    {
      clk: io.clk,
      active: of.sumActive.part(0, gateSumLatency(of.pipelined)),
      ...operands,
      ...shifts,
      sum,
    },
    alignedSumValues(p),
  );
  scope.assign(io.sums.part(place.times(p.SUM_BITS), p.SUM_BITS), sum.asUnsigned());
  return { sum, bias: operands.bias };
}
