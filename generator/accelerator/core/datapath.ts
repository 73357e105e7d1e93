import { allOf, bit, type Expr, uint } from '../../hdl/index.js';
import { MEM_DIR } from '../images/names.js';
import { hWriteBits } from '../memory/h-words.js';
import {
  addressStreams,
  cellsPerGroup,
  gateSums,
  multipliers,
  wordColumns,
} from '../plan/configuration.js';
import type { Control, inputStream } from './front.js';
import { type CoreKit, takeStage } from './kit.js';
import { orStateReads, orStateWrites } from './states.js';
import type { Carried } from './tile.js';

/** From addresses to the sums at the cell lanes. */
export function datapath(
  kit: CoreKit,
  x: ReturnType<typeof inputStream>,
  { address, present }: Control,
  tile: Carried,
) {
  const { c, m, io, blocks, stage, states } = kit;
  const { issued, fromInput, zero, addresses } = tile;
  const streams = addressStreams(c);
  m.comment('Activation memories.');
  const h = m.nets({
    h_write: 1,
    h_write_address: hWriteBits(c),
    h_write_data: c.cellLanes * c.words.activation,
  });
  const operands = m.net('operands', uint(streams * wordColumns(c) * c.words.activation));
  m.instance('u_activations', blocks.activations, {
    clk: io.clk,
    x_write: x.x_write,
    x_address: x.x_write_address,
    x_data: x.x_write_data,
    ...orStateWrites(kit, {
      ...{ h_write: h.h_write, h_address: h.h_write_address, h_data: h.h_write_data },
    }),
    ...orStateReads(kit, {
      read: issued.at(stage.read),
      from_input: fromInput.at(stage.read),
      zero: zero.at(stage.read),
      ...{ address, present },
    }),
    operands,
  });
  if (states) m.assign(states.h.word, operands.part(0, wordColumns(c) * c.words.activation));

  m.comment('Weights and MAC array.');
  const weights = m.net('weights', uint(multipliers(c) * c.words.weight));
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
  const array = { kit, tile, weights, operands };
  const path = c.queues === undefined ? sets(array) : queues(array);
  return { h, ...path };
}

/** What the array works on. */
interface ArrayInputs {
  readonly kit: CoreKit;
  readonly tile: Carried;
  readonly weights: Expr<'u'>;
  readonly operands: Expr<'u'>;
}

/** What the cell lanes get, and when. */
interface Fed {
  readonly feed: Readonly<
    Record<'step' | 'step_last' | 'lane_ready_sums' | 'lane_complete_sums', Expr<'u'>>
  >;
  /** The lanes take a set, or a pass with queues: its first step comes in the next cycle. */
  readonly pair: Expr<'u'>;
  readonly takeFlat: Expr<'u'> | null;
}

/** Sums at the lanes. */
function laneNets({ c, m }: Pick<CoreKit, 'c' | 'm'>): Fed['feed'] {
  const someSums = c.cellLanes * gateSums(c) * c.accumulatorBits;
  return m.nets({
    step: 1,
    step_last: 1,
    lane_ready_sums: someSums,
    lane_complete_sums: someSums,
  });
}

/** Row groups that end together: their sums, all at once, to a slot or to the lanes. */
function sets({ kit: { c, m, io, blocks, stage }, tile, weights, operands }: ArrayInputs): Fed {
  if (blocks.slots === null || tile.starts === null) throw new Error('the array has queues');
  const { issued, stores, completes, starts, slots, steps } = tile;
  const groupSums = cellsPerGroup(c) * c.slices * c.accumulatorBits;
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
  const feed = laneNets({ c, m });
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
  return { feed, pair, takeFlat };
}

/** Row groups with queues: each ends its rows when it is through with them. */
function queues({ kit: { c, m, io, blocks, stage }, tile, weights, operands }: ArrayInputs): Fed {
  const { issued, completes, rowEnds, completing, halfEnds, passEnds, steps, frameEnds } = tile;
  if (blocks.queues === null || !rowEnds || !completing || !halfEnds || !passEnds || !steps) {
    throw new Error('the array has no queues');
  }
  const finished = m.net('finished', uint(c.rowGroups), 'row groups whose sums are there');
  const sums = m.net('array_sums', uint(c.rowGroups * c.tileRows * c.accumulatorBits));
  m.instance('u_array', blocks.array, {
    clk: io.clk,
    rst: io.rst,
    valid: issued.at(stage.operands),
    ends: rowEnds.at(stage.operands.minus(stage.read)),
    finished,
    weights,
    activations: operands,
    sums,
  });
  m.comment('Sums wait in the memories of their queues until the lanes read them.');
  const feed = laneNets({ c, m });
  const pair = m.wire('pair', completes.at(stage.pair));
  m.instance(
    'u_queues',
    blocks.queues,
    {
      clk: io.clk,
      rst: io.rst,
      finished,
      completing: completing.at(stage.sums),
      half_end: halfEnds.at(stage.sums),
      pass_end: passEnds.at(stage.sums),
      lanes_start: completes.at(stage.sums),
      frame_end: frameEnds.at(stage.sums),
      sums,
      take: pair,
      last_step: steps.at(stage.pair),
      ...feed,
    },
    { MEM_DIR },
  );
  const late = m.wire('take', completes.at(takeStage({ c, stage })), 'the lanes begin');
  m.unused('slots', tile.slots.at(stage.sums), tile.stores.at(stage.sums));
  return { feed, pair: late, takeFlat: null };
}

export type Datapath = ReturnType<typeof datapath>;
