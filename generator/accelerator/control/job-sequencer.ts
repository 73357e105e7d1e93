import {
  allOf,
  bit,
  concat,
  indexBits,
  int,
  integer,
  literal,
  output,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { recordLayout } from '../build/record.js';
import { hasAllowances, hasHeld } from '../cell/kinds.js';
import { decoderIn } from '../decoder/registry.js';
import { MATCHES, matched } from '../images/matches.js';
import { folderParameter, imageParameter, MEM_DIR } from '../images/names.js';
import type { Rom } from '../memory/leaf.js';
import { type Configuration, gatesInTurn } from '../plan/configuration.js';
import { outputFrames } from '../plan/frames-in-memory.js';
import { framePorts, frameRegisters, layerFetch } from './frames.js';
import { claimOf, countInFlight, IN_FLIGHT_BITS } from './in-flight.js';
import { jobTableFields, jobTableParameters, jobTableStore } from './job-table.js';
import { layerTableStore } from './layer-store.js';
import { gateBits, layerHeadFields, layerHeadParameters, optionalWidths } from './layer-table.js';

import { sequencerPorts } from './sequencer-ports.js';

/** Registers that start anew with each job or layer. */
const SET_BEFORE = ['layer', 'job', 'weight_address', 'layer_number'];

/**
 * Issues one tile per cycle, job by job, as a table says: for patterns whose row group sets differ in their tiles. Sets
 * without tiles have no job: the set before them stays at the lanes for their steps too.
 */
export function jobSequencer(c: Configuration, romModule: Rom) {
  return defineBlock({
    name: `${c.name}_sequencer`,
    doc: `Runs the job table: one tile per cycle. A job is all tiles of a half of a row group set. It waits (a) before a completing half whose \`waits\` is set until all row group sets under way have retired, (b) before the last tile of a completing half until the cell lanes can take it, (c) before a completing half of the last layer${c.emit === 'last' ? ', where the outputs of the frame leave,' : ''} until an output buffer is free, (d) before the last tile of a layer until the next word of the layer table is there, (e) for a frame.`,
    parameters: {
      LAYERS: matched(integer(c.layers, 'Words of the layer table'), MATCHES.layers),
      ...layerHeadParameters(c, decoderIn(c).table),
      ...jobTableParameters(c),
      MEM_DIR: folderParameter(),
      LAYER_FILE: imageParameter(c.name, layerTableStore(c).name, 'Image of the layer table'),
      JOB_FILE: imageParameter(c.name, jobTableStore(c).name, 'Image of the job table'),
    },
    waivers: SET_BEFORE.map((path) => ({
      ...{ code: 'NO_RESET', path },
      why: 'it is set before `running`, which reset clears, lets it decide anything',
    })),
    ports: (p) => ({
      ...sequencerPorts(c, p),
      tile_first: output(bit, 'first tile of a half'),
      tile_last: output(bit, 'last tile of a half'),
      alone: output(bit, 'the other half of its set has no tiles'),
      ...(c.queues && {
        completing: output(bit, 'the tile is one of a completing half'),
        half_end: output(bit, 'the last of a half is issued'),
        pass_end: output(bit, 'the last of a pass is issued'),
        last_pass: output(bit, 'the pass is the last of a frame'),
      }),
      last_step: output(uint(p.STEP_BITS), 'steps of its set at the lanes, less one'),
    }),
    body: (m, p, io) => {
      const numberBits = m.local(indexBits(p.LAYERS));
      const jobBits = m.local('JOB_ADDRESS_BITS', indexBits(p.JOBS));
      const one = int(1);
      const slot = indexBits(p.SUM_SLOTS);
      const head = recordLayout(
        layerHeadFields(
          {
            ...{ groups: p.GROUP_BITS, ahead: slot, weights: p.WEIGHT_ADDRESS_BITS },
            ...optionalWidths(c, int),
          },
          one,
        ),
      );
      const layout = recordLayout(
        jobTableFields({
          ...{ one, slot, tiles: p.TILE_BITS, steps: p.STEP_BITS, gap: p.GAP_BITS },
          ...(gatesInTurn(c) > 1 && { gate: int(gateBits(c)) }),
          ...(c.queues && { queues: one }),
        }),
      );
      const jobWidth = m.local('JOB_BITS', layout.width);
      const running = m.reg('running', bit);
      const buffer = m.reg('x_buffer', bit, 'x buffer of the running frame');
      const inFlight = m.reg(
        'in_flight',
        uint(IN_FLIGHT_BITS),
        'row group sets issued and not yet retired',
      );
      const gap = m.reg('gap', uint(p.GAP_BITS), 'cycles until the cell lanes are free');
      const waiting = m.reg('outputs_waiting', uint(2), 'output frames claimed and not yet sent');
      const layers = layerFetch(m, p, io, numberBits, romModule);
      const layer = head.unpack(m, 'field', io.layer);
      const nextLayer = head.unpack(m, 'next', io.next_layer);

      m.comment('Job table: the word behind that of the running job is there when the job ends.');
      const primed = m.reg('primed', uint(2), 'bit 0: next_job is there, bit 1: and job');
      const read = m.reg('job_address', uint(jobBits), 'word that is read next, but for the first');
      const tile = m.reg('tile', uint(p.TILE_BITS), 'tile within the job');
      const job = m.reg('job', uint(jobWidth));
      const nextJob = m.net('next_job', uint(jobWidth));
      const places = layout.places(m, 'job');
      const field = (name: string) => places(job, name);
      m.unused('job', field('last_job'));
      const ended = m.net('ended', bit, 'the last tile of the job is issued');
      const advance = m.wire(ended.or(allOf(primed.bit(0), primed.bit(1).not())));
      const address = m.wire(
        'next_address',
        allOf(primed.bit(0), places(nextJob, 'last_job')).choose(literal(0, jobBits), read),
      );
      const fetch = m.wire('fetch_job', advance.or(primed.bit(0).not()));
      m.instance(
        'u_jobs',
        romModule,
        { clk: io.clk, enable: fetch, address, data: nextJob },
        { WIDTH: jobWidth, DEPTH: p.JOBS, MEM_DIR, INIT_FILE: { parameter: 'JOB_FILE' } },
      );
      m.always(io.clk, [
        when(
          io.rst,
          [
            set(primed, literal(0, 2)),
            set(read, literal(0, jobBits)),
            set(tile, literal(0, p.TILE_BITS)),
          ],
          [
            set(primed, concat(primed.bit(0), literal(1, 1))),
            when(fetch, [set(read, address.increment())]),
            when(
              ended,
              [set(tile, literal(0, p.TILE_BITS))],
              [when(io.issue, [set(tile, tile.increment())])],
            ),
          ],
        ),
        when(advance, [set(job, nextJob)]),
      ]);

      m.comment('Where the tile stands, and reasons to wait.');
      const completes = m.wire('completes', field('completes'));
      m.assign(io.tile_first, tile.eq(0));
      m.assign(io.tile_last, tile.eq(field('tiles')));
      m.assign(io.group_last, field('group_last'));
      const lastLayer = m.wire('last_layer', layer('last'));
      const passLast = c.queues ? field('pass_last') : io.group_last;
      const layerEnd = m.wire('layer_end', allOf(running, io.tile_last, passLast));
      // once the lanes have begun, nothing waits
      const fetchEnd = c.queues
        ? m.wire('lanes_begin', allOf(running, io.tile_last, io.group_last))
        : layerEnd;
      const last = io.gate_last === undefined ? [] : [io.gate_last];
      const emits = c.emit !== 'last' || io.emits === undefined ? [] : [io.emits];
      if (io.gate !== undefined && io.gate_last !== undefined) {
        m.assign(io.gate, field('gate'));
        m.assign(io.gate_last, field('gate_last'));
        m.unused('gates', layer('gates'));
      }
      const wait = m.wire(
        'hold',
        allOf(field('waits'), hasAllowances(c) ? layer('allow').lt(inFlight) : inFlight.ne(0))
          .or(allOf(completes, io.tile_last, gap.ne(0), ...last))
          .or(allOf(completes, lastLayer, waiting.eq(outputFrames(c)), ...emits))
          .or(fetchEnd.and(layers.fetched.not())),
      );
      m.assign(io.issue, running.and(wait.not()));
      m.assign(ended, allOf(io.issue, io.tile_last));
      if (io.completing && io.half_end && io.pass_end && io.last_pass) {
        m.assign(io.completing, field('second'));
        m.assign(io.half_end, ended.and(field('half_last')));
        m.assign(io.pass_end, ended.and(passLast));
        m.assign(io.last_pass, lastLayer);
      }
      m.assign(io.store, ended.and(completes.not()));
      m.assign(io.complete, ended.and(completes));
      const layerDone = m.wire('layer_done', io.issue.and(layerEnd));
      m.assign(io.frame_end, layerDone.and(lastLayer));
      m.assign(
        io.frame_start,
        // the first job is there with the first tile, a cycle later
        allOf(io.frame_ready, layers.fetched, primed.bit(0), io.frame_end.or(running.not())),
      );
      m.assign(io.load, io.frame_start.or(layerDone.and(lastLayer.not())));

      m.comment('What the tile means to the stages behind.');
      m.assign(io.x_side, field('x_side'));
      m.assign(io.from_input, layer('from_input').and(io.x_side));
      const before = hasHeld(c)
        ? m.wire(
            'of_before',
            allOf(io.x_side.not(), layer('h_now').not()),
            'it reads what a frame ago was written',
          )
        : io.x_side.not();
      const own = framePorts(io);
      m.assign(own.upper_buffer, io.from_input.choose(buffer, own.parity.xor(before)));
      m.assign(io.zero, allOf(io.restart, before));
      m.assign(io.slot, field('slot'));
      m.assign(io.x_release, allOf(ended, field('releases')));
      m.assign(io.alone, field('alone'));
      m.assign(io.last_step, field('steps'));
      const next = { last: nextLayer('last'), weights: nextLayer('weight_base') };
      frameRegisters(m, { ...io, ...own }, { running, buffer, ...layers }, next);
      const complete = allOf(io.complete, ...last);
      const claim = claimOf(m, { frame_end: io.frame_end, emits: emits[0] });
      countInFlight(m, field('gap'), { ...io, complete, claim }, { inFlight, gap, waiting });
    },
  });
}
