import {
  allOf,
  anyOf,
  bit,
  indexBits,
  int,
  integer,
  literal,
  parameterValue,
  requires,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { recordLayout } from '../build/record.js';
import { hasHeld } from '../cell/kinds.js';
import { decoderIn } from '../decoder/registry.js';
import { MATCHES, matched } from '../images/matches.js';
import { folderParameter, imageParameter } from '../images/names.js';
import type { Rom } from '../memory/leaf.js';
import { bitsOf, type Configuration, gatesInTurn } from '../plan/configuration.js';
import { outputFrames } from '../plan/frames-in-memory.js';
import { layerFetch } from './frames.js';
import { claimOf, countInFlight, IN_FLIGHT_BITS } from './in-flight.js';
import { layerTableStore } from './layer-store.js';
import { gateBits, layerHeadFields, layerHeadParameters, optionalWidths } from './layer-table.js';
import { SET_BY_ROUND } from './rounds.js';
import { gapParameters, sequencerPorts, sequencerText } from './sequencer-ports.js';
import { timeOrder } from './time-order.js';
import { SET_BY_VISIT, utteranceParameter } from './visits.js';

/** Registers that start anew with each layer. */
const SET_BY_LOAD = ['layer', 'completing', 'complete_group', 'lead', 'stored', 'satisfied'];
const GATE = 'gate';

/**
 * Issues one tile per cycle, layer by layer: `ahead` row group sets of the ready half, then the other half and
 * the next ready half in turn. All waiting is done here, so nothing behind it ever stalls.
 */
export function sequencer(c: Configuration, romModule: Rom) {
  return defineBlock({
    name: `${c.name}_sequencer`,
    doc: sequencerText(c),
    parameters: {
      LAYERS: matched(integer(c.layers, 'Words of the layer table'), MATCHES.layers),
      ...layerHeadParameters(c, decoderIn(c).table),
      ...gapParameters(c),
      ...(c.order === 'sequence' ? utteranceParameter(c) : {}),
      MEM_DIR: folderParameter(),
      LAYER_FILE: imageParameter(c.name, layerTableStore(c).name, 'Image of the layer table'),
    },
    relations: (p) => {
      const widths = {
        groups: p.GROUP_BITS,
        ahead: indexBits(p.SUM_SLOTS),
        weights: p.WEIGHT_ADDRESS_BITS,
        ...optionalWidths(c, int),
      };
      const { width } = recordLayout(layerHeadFields(widths, int(1)));
      return [requires(p.LAYER_BITS, '>=', width, 'LAYER_BITS must hold the fields read here')];
    },
    waivers: [
      ...SET_BY_LOAD,
      ...(c.order === 'sequence' ? SET_BY_VISIT : []),
      ...(c.streams === undefined ? [] : SET_BY_ROUND),
      ...(gatesInTurn(c) > 1 ? [GATE] : []),
    ].map((path) => ({
      ...{ code: 'NO_RESET', path },
      why: 'load sets it before `running`, which reset clears, lets it decide anything',
    })),
    ports: (p) => sequencerPorts(c, p),
    body: (m, p, io) => {
      const layerNumberBits = m.local(indexBits(p.LAYERS));
      const slotBits = m.local('SLOT_BITS', indexBits(p.SUM_SLOTS));
      const gapBits = m.local('GAP_BITS', indexBits((p.TURN_GAP ?? p.LANE_GAP).plus(1)));
      const widths = {
        ...{ groups: p.GROUP_BITS, ahead: slotBits, weights: p.WEIGHT_ADDRESS_BITS },
        ...optionalWidths(c, int),
      };
      const record = recordLayout(layerHeadFields(widths, int(1)));
      const lastSlot = m.local('LAST_SLOT', p.SUM_SLOTS.minus(1));
      const field = record.unpack(m, 'field', io.layer);
      const group = uint(widths.groups);
      const running = m.reg('running', bit);
      const kit = { c, m, io, running, numberBits: layerNumberBits, maxFrames: p.MAX_FRAMES };
      const order = timeOrder(kit);
      const completing = m.reg('completing', bit, 'the half in hand is the completing one');
      const readyGroup = m.reg('ready_group', group, 'row group set of the next ready half');
      const readyDone = m.reg('ready_done', bit, 'all ready halves of the layer are done');
      const completeGroup = m.reg(
        'complete_group',
        group,
        'row group set of the next completing half',
      );
      const lead = m.reg('lead', uint(slotBits), 'ready halves stored and not yet used, less one');
      const stored = m.reg('stored', bit, 'at least one ready half is stored');
      const readySlot = m.reg('ready_slot', uint(slotBits));
      const completeSlot = m.reg('complete_slot', uint(slotBits));
      const satisfied = m.reg('satisfied', bit, 'the layer has nothing to wait for any more');
      const inFlight =
        order.inFlight === null
          ? null
          : m.reg(
              'in_flight',
              uint(IN_FLIGHT_BITS),
              `${order.inFlight} issued and not yet retired`,
            );
      const gap = m.reg('gap', uint(gapBits), 'cycles until the cell lanes are free');
      const outputs = outputFrames(c);
      const waiting = m.reg(
        'outputs_waiting',
        uint(bitsOf(outputs + 1)),
        'output frames claimed and not yet sent',
      );

      const layers = layerFetch(m, p, io, layerNumberBits, romModule);
      const { fetched } = layers;

      m.comment('Fields of the layer table word.');
      const lastLayer = m.wire('last_layer', field('last'));
      const waits = m.wire(
        'waits',
        field('waits'),
        `the first completing half waits ${order.waits}`,
      );
      const single = m.wire(
        'single',
        field('single'),
        'there is no ready half: the layer has one operand',
      );
      const xFirst = m.wire('x_first', field('x_first'), 'the ready half is the input side');
      const firstLayer = m.wire(
        'first_layer',
        field('from_input'),
        'the input side reads the x memory',
      );
      const lastOfLayer = m.wire(
        'last_of_layer',
        field('groups'),
        'row group sets of the layer, less one',
      );
      const ahead = m.wire('ahead', field('ahead'), 'ready halves done ahead, less one');

      const next = record.unpack(m, 'next', io.next_layer);
      const nextLast = m.wire('next_last', next('last'));
      const nextSingle = m.wire('next_single', next('single'));
      const nextWeights = m.wire('next_weights', next('weight_base'), 'word of its first tile');

      m.comment('Where the tile stands.');
      const halfEnd = m.wire('half_end', allOf(running, io.tile_last));
      const readyLast = m.wire('ready_last', readyGroup.eq(lastOfLayer));
      m.assign(io.group_last, completeGroup.eq(lastOfLayer));
      const layerEnd = m.wire('layer_end', allOf(halfEnd, completing, io.group_last));

      m.comment('Reasons to wait.');
      const underWay = order.underWay(field, inFlight);
      const layerWait = m.wire('layer_wait', allOf(completing, waits, satisfied.not(), underWay));
      const { gate, gate_last: gateLast } = io;
      const emits = c.emit !== 'last' || io.emits === undefined ? [] : [io.emits];
      const last = gateLast === undefined ? [] : [gateLast];
      const laneWait = m.wire('lane_wait', allOf(completing, io.tile_last, gap.ne(0), ...last));
      const outputWait = m.wire(
        'output_wait',
        allOf(completing, lastLayer, waiting.eq(outputs), ...emits),
      );
      const fetchWait = m.wire('fetch_wait', layerEnd.and(fetched.not()));
      const more = order.hold(field, inFlight);
      const wait = m.wire('hold', anyOf(layerWait, laneWait, outputWait, fetchWait, ...more));
      m.assign(io.issue, running.and(wait.not()));
      const ended = m.wire('ended', allOf(io.issue, io.tile_last));
      m.assign(io.store, ended.and(completing.not()));
      m.assign(io.complete, ended.and(completing));
      const layerDone = m.wire('layer_done', io.issue.and(layerEnd));
      m.assign(io.frame_end, layerDone.and(lastLayer));
      order.starts({ layerDone, lastLayer, fetched });

      m.comment('What the tile means to the stages behind.');
      m.assign(io.x_side, single.or(completing.xor(xFirst)));
      m.assign(io.from_input, firstLayer.and(io.x_side));
      const before = hasHeld(c)
        ? m.wire(
            'of_before',
            allOf(io.x_side.not(), field('h_now').not()),
            `it reads what a ${order.before} ago was written`,
          )
        : io.x_side.not();
      order.place(before, field);
      m.assign(io.zero, allOf(io.restart, before));
      m.assign(io.slot, completing.choose(completeSlot, readySlot));
      const inputEnd = m.wire('input_end', completing.choose(io.group_last, readyLast));
      const again = c.inputAgain
        ? [m.wire('input_done', field('input_again').not(), 'no pass behind reads the input')]
        : [];
      m.assign(io.x_release, allOf(ended, io.from_input, inputEnd, ...again, ...order.released));

      const zeroGroup = literal(0, widths.groups);
      const slotNext = (slot: typeof readySlot) =>
        slot.eq(parameterValue(lastSlot, slotBits)).choose(literal(0, slotBits), slot.increment());
      const leadFull = m.wire(
        'lead_full',
        stored.choose(lead.increment(), literal(0, slotBits)).eq(ahead),
      );

      order.registers(layers, next, { last: nextLast, weights: nextWeights });
      m.always(
        io.clk,
        [
          when(
            io.load,
            [
              set(completing, nextSingle),
              set(readyGroup, zeroGroup),
              set(readyDone, literal(0, 1)),
              set(completeGroup, zeroGroup),
              set(lead, literal(0, slotBits)),
              set(stored, literal(0, 1)),
              set(readySlot, literal(0, slotBits)),
              set(completeSlot, literal(0, slotBits)),
              set(satisfied, literal(0, 1)),
            ],
            [
              when(
                io.store,
                [
                  set(completing, leadFull.or(readyLast)),
                  set(readyGroup, readyGroup.increment()),
                  set(readyDone, readyLast),
                  set(stored, literal(1, 1)),
                  when(stored, [set(lead, lead.increment())]),
                  set(readySlot, slotNext(readySlot)),
                ],
                [
                  when(io.complete, [
                    set(completing, single.or(readyDone)),
                    set(completeGroup, completeGroup.increment()),
                    set(stored, lead.ne(0)),
                    when(lead.ne(0), [set(lead, lead.decrement())]),
                    set(completeSlot, slotNext(completeSlot)),
                  ]),
                ],
              ),
              when(allOf(io.issue, completing), [set(satisfied, literal(1, 1))]),
            ],
          ),
        ],
        'Order of the halves within a layer.',
      );
      const once = parameterValue(p.LANE_GAP, gapBits);
      const lanes =
        p.TURN_GAP === undefined
          ? once
          : m.wire(
              'lanes_busy',
              field('flat').choose(parameterValue(p.TURN_GAP, gapBits), once),
              'cycles for which a set keeps the lanes, less one',
            );
      if (gate !== undefined && gateLast !== undefined) {
        m.assign(gateLast, gate.eq(field('gates')));
        const first = literal(0, gateBits(c));
        m.always(
          io.clk,
          [
            when(
              io.load,
              [set(gate, first)],
              [when(io.complete, [set(gate, gateLast.choose(first, gate.increment()))])],
            ),
          ],
          'Gates of a row group set, one after another.',
        );
      }
      const claim = claimOf(m, { frame_end: io.frame_end, emits: emits[0] });
      const complete =
        gateLast === undefined
          ? io.complete
          : m.wire('set_complete', allOf(io.complete, gateLast), 'of all gates');
      countInFlight(
        m,
        lanes,
        { ...io, complete, claim, counted: order.counted(layerDone) },
        { inFlight, gap, waiting },
      );
    },
  });
}

export type Sequencer = ReturnType<typeof sequencer>;
