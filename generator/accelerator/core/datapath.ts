import { allOf, bit, uint } from '../../hdl/index.js';
import { MEM_DIR } from '../images/names.js';
import { hWriteBits } from '../memory/h-words.js';
import { addressStreams, cellsPerGroup, gateSums } from '../plan/configuration.js';
import type { Control, inputStream } from './front.js';
import type { CoreKit } from './kit.js';
import type { Carried } from './tile.js';

/** From addresses to the sums at the cell lanes. */
export function datapath(
  { c, m, io, blocks, stage }: CoreKit,
  x: ReturnType<typeof inputStream>,
  { address, present }: Control,
  tile: Carried,
) {
  const { issued, stores, completes, fromInput, zero, starts, slots, steps, addresses } = tile;
  const streams = addressStreams(c);
  const groupSums = cellsPerGroup(c) * c.slices * c.accumulatorBits;
  m.comment('Activation memories.');
  const h = m.nets({
    h_write: 1,
    h_write_address: hWriteBits(c),
    h_write_data: c.cellLanes * c.words.activation,
  });
  const operands = m.net('operands', uint(streams * c.tileColumns * c.words.activation));
  m.instance('u_activations', blocks.activations, {
    clk: io.clk,
    x_write: x.x_write,
    x_address: x.x_write_address,
    x_data: x.x_write_data,
    h_write: h.h_write,
    h_address: h.h_write_address,
    h_data: h.h_write_data,
    read: issued.at(stage.read),
    from_input: fromInput.at(stage.read),
    zero: zero.at(stage.read),
    address,
    present,
    operands,
  });

  m.comment('Weights and MAC array.');
  const weights = m.net(
    'weights',
    uint(c.rowGroups * c.slices * c.tileRows * c.tileColumns * c.words.weight),
  );
  m.instance(
    'u_weights',
    blocks.weights,
    {
      clk: io.clk,
      rst: io.rst,
      advance: issued.at(stage.read),
      address: addresses.at(stage.read),
      weights,
    },
    { MEM_DIR },
  );
  const sums = m.net('array_sums', uint(groupSums));
  m.instance('u_array', blocks.array, {
    clk: io.clk,
    rst: io.rst,
    valid: issued.at(stage.operands),
    first: starts.at(stage.operands),
    weights,
    activations: operands,
    sums,
  });

  m.comment('The ready half waits in a slot; the completing half fetches it.');
  const readySums = m.net('ready_sums', uint(groupSums));
  const completeSums = m.net('complete_sums', uint(groupSums));
  m.instance('u_slots', blocks.slots, {
    clk: io.clk,
    store: stores.at(stage.sums),
    complete: completes.at(stage.sums),
    slot: slots.at(stage.sums),
    sums,
    ready_sums: readySums,
    complete_sums: completeSums,
  });
  const someSums = c.cellLanes * gateSums(c) * c.accumulatorBits;
  const feed = m.nets({
    step: 1,
    step_last: 1,
    lane_ready_sums: someSums,
    lane_complete_sums: someSums,
  });
  const { gates, gateLasts } = tile;
  const done = completes.at(stage.pair);
  const last = gateLasts?.at(stage.pair);
  const pair = m.wire('pair', last === undefined ? done : allOf(done, last));
  const takeFlat =
    c.turns === undefined ? null : m.net('take_flat', bit, 'rows of the set take turns');
  m.instance('u_feed', blocks.feed, {
    clk: io.clk,
    rst: io.rst,
    take: pair,
    ...(gates === undefined || last === undefined
      ? {}
      : { hold: m.wire('hold_gate', allOf(done, last.not())), gate: gates.at(stage.pair) }),
    ...(takeFlat === null ? {} : { flat: takeFlat }),
    ...(steps === undefined ? {} : { last_step: steps.at(stage.pair) }),
    ready_sums: readySums,
    complete_sums: completeSums,
    ...feed,
  });
  return { h, feed, pair, takeFlat };
}

export type Datapath = ReturnType<typeof datapath>;
