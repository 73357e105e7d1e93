import { concat } from '../../hdl/index.js';
import { delayed, delayedValid } from '../build/pipeline.js';
import type { Control } from './front.js';
import { type CoreKit, markName, takeStage } from './kit.js';

/** What travels with a tile from its issue to the cell lanes. */
export function carried(kit: CoreKit, { s, tileFirst, ends }: Control) {
  const { c, m, io, stage } = kit;
  const take = takeStage(kit);
  m.comment('What a tile carries along the pipeline: bit n of a line is n + 1 cycles late.');
  const issued = delayedValid(m, io.clk, io.rst, 'issue', s.issue, stage.operands);
  const stores = delayedValid(m, io.clk, io.rst, 'store', s.store, stage.sums);
  const completes = delayedValid(m, io.clk, io.rst, 'complete', s.complete, take);
  const fromInput = delayed(m, io.clk, 'from_input', s.from_input, stage.read);
  const zero = delayed(m, io.clk, 'zero', s.zero, stage.read);
  const starts = ends ? null : delayed(m, io.clk, 'tile_first', tileFirst, stage.operands);
  const rowEnds = ends && delayed(m, io.clk, 'ends', ends, stage.operands.minus(stage.read));
  const halfEnds =
    s.half_end && delayedValid(m, io.clk, io.rst, 'half_end', s.half_end, stage.sums);
  const passEnds =
    s.pass_end && delayedValid(m, io.clk, io.rst, 'pass_end', s.pass_end, stage.sums);
  const completing = s.completing && delayed(m, io.clk, 'completing', s.completing, stage.sums);
  const slots = delayed(m, io.clk, 'slot', s.slot, stage.sums);
  const frameEnds = delayed(m, io.clk, 'frame_end', s.last_pass ?? s.frame_end, take);
  if (s.last_pass) m.unused('frame_ends', s.frame_end);
  const info = m.wire(
    'tile_info',
    concat(
      ...(s.emits === undefined ? [] : [s.emits]),
      ...(s.alone === undefined ? [] : [s.alone, s.x_side]),
      ...[s.restart, s.parity ?? s.group_last, s.group_last],
    ),
    `${s.emits === undefined ? '' : `${markName(c)}, `}${s.alone === undefined ? '' : 'alone, x side, '}restart, ${s.parity === undefined ? 'and twice the' : 'parity,'} last row group set of the layer`,
  );
  const infos = delayed(m, io.clk, 'tile_info', info, take);
  const layers = delayed(m, io.clk, 'layer_number', s.layer_number, take.minus(1));
  const places = s.write_place && delayed(m, io.clk, 'write_place', s.write_place, stage.pair);
  const gates = s.gate && delayed(m, io.clk, 'gate', s.gate, stage.pair);
  const gateLasts =
    s.gate_last && delayedValid(m, io.clk, io.rst, 'gate_last', s.gate_last, stage.pair);
  const steps = s.last_step && delayed(m, io.clk, 'last_step', s.last_step, stage.pair);
  const addresses = delayed(m, io.clk, 'weight_address', s.weight_address, stage.read);
  return {
    issued,
    stores,
    completes,
    fromInput,
    zero,
    starts,
    rowEnds,
    completing,
    halfEnds,
    passEnds,
    slots,
    frameEnds,
    infos,
    layers,
    places,
    gates,
    gateLasts,
    steps,
    addresses,
  };
}

export type Carried = ReturnType<typeof carried>;
