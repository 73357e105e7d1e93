import {
  allOf,
  bit,
  ceilPower2,
  concat,
  type Expr,
  type Int,
  indexBits,
  input,
  integer,
  literal,
  output,
  requires,
  type Scope,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { delayedValid } from '../build/pipeline.js';
import { stepIndexBits } from '../control/job-table.js';
import { OPERANDS, stepWord } from '../decoder/queue/step-words.js';
import { stepStore, sumStore } from '../decoder/queue/stores.js';
import { MATCHES, matched } from '../images/matches.js';
import { folderParameter, imageParameter, MEM_DIR } from '../images/names.js';
import type { Ram, Rom } from '../memory/leaf.js';
import type { Configuration } from '../plan/configuration.js';
import { toLanes, wants } from './queue-choice.js';

const STEPS_MATCH = 'fields of `*_index_step.mem`';

/**
 * Sums of an array with queues on their way to the cell lanes: each row group has a memory for those of either operand, in the
 * order of its queue. The steps of a pass read them in the same order, from the queues that the step ROM names.
 */
export function rowQueues(c: Configuration, leaves: { readonly rom: Rom; readonly ram: Ram }) {
  const word = stepWord(c);
  const steps = stepStore(c);
  return defineBlock({
    name: `${c.name}_row_queues`,
    doc: `Sums of queues. Each row group writes the sums that it ends behind one another, those of the ready and of the completing half apart. As soon as no sum of the completing half comes later than its step, the lanes get the sums of their rows step by step: the word of the step ROM says for each half${word.classes > 1 ? ', class of lanes' : ''} and gate whether there is a sum, and in which queue it is the next one. Two passes have room, so that the array goes on while the lanes work.`,
    parameters: {
      ACC_BITS: matched(integer(c.accumulatorBits, 'Bits of one sum'), MATCHES.room),
      TILE_ROWS: matched(integer(c.tileRows, 'Rows of a tile'), MATCHES.tiles),
      ROW_GROUPS: matched(integer(c.rowGroups, 'Row groups in parallel'), MATCHES.tiles),
      CELL_LANES: matched(integer(c.cellLanes, 'Cells per step'), MATCHES.cellLanes),
      QUEUE_WORDS: matched(
        integer(
          sumStore(c).words,
          'Sums of one half that the memory of a queue holds, of two passes; a power of two',
          4,
        ),
        MATCHES.room,
      ),
      QUEUE_BITS: matched(
        integer(word.queueBits, 'Bits of the number of a queue in its class'),
        STEPS_MATCH,
      ),
      STEPS: matched(
        integer(steps.words, 'Words of the step ROM: steps of a frame'),
        'words of `*_index_step.mem`',
      ),
      STEP_BITS: matched(integer(stepIndexBits(c), 'Bits of the count of steps'), MATCHES.nothing),
      MEM_DIR: folderParameter(),
      STEP_FILE: imageParameter(c.name, steps.name, 'Image of the step ROM'),
    },
    relations: (p) => [
      requires(
        p.QUEUE_WORDS,
        '==',
        ceilPower2(p.QUEUE_WORDS),
        'QUEUE_WORDS must be a power of two',
      ),
    ],
    ports: (p) => {
      const some = p.CELL_LANES.times(word.gates).times(p.ACC_BITS);
      return {
        clk: input(bit),
        rst: input(bit),
        finished: input(uint(p.ROW_GROUPS), 'the row group ends its sums, [row group]'),
        completing: input(bit, 'the sums are those of a completing half'),
        half_end: input(bit, 'they are the last of a half'),
        pass_end: input(bit, 'they are the last of a pass'),
        lanes_start: input(bit, 'the lanes may begin: no sum comes later than its step'),
        frame_end: input(bit, 'with the last pass of a frame'),
        sums: input(uint(p.ROW_GROUPS.times(p.TILE_ROWS).times(p.ACC_BITS)), '[row group][row]'),
        take: input(bit, 'the cycle behind lanes_start'),
        last_step: input(uint(p.STEP_BITS), 'steps of the pass, less one'),
        step: output(bit, 'cells are at the lanes'),
        step_last: output(bit, 'the last of their pass'),
        lane_ready_sums: output(uint(some), '[lane][gate]'),
        lane_complete_sums: output(uint(some), '[lane][gate]'),
      };
    },
    body: (m, p, io) => {
      const control = stepControl(m, c, p, io, leaves.rom);
      const halfBits = indexBits(p.QUEUE_WORDS).minus(1);
      const sumBits = m.local('SUM_BITS', p.TILE_ROWS.times(p.ACC_BITS));
      const writeHalf = m.reg(
        'write_half',
        bit,
        'half of the memories that the running pass writes',
      );
      const readHalf = m.reg('read_half', bit, 'half that the pass at the lanes wrote');
      m.always(io.clk, [
        when(
          io.rst,
          [set(writeHalf, literal(0, 1)), set(readHalf, literal(0, 1))],
          [
            when(io.pass_end, [set(writeHalf, writeHalf.not())]),
            when(io.lanes_start, [set(readHalf, writeHalf)]),
          ],
        ),
      ]);
      for (const operand of OPERANDS) {
        const mine =
          operand === 'complete' ? io.completing : m.wire('readying', io.completing.not());
        const words = m.net(`${operand}_words`, uint(sumBits.times(p.ROW_GROUPS)), '[row group]');
        m.forEach(`${operand}_queue`, p.ROW_GROUPS, (group, scope) => {
          const write = scope.wire('write', io.finished.bit(group).and(mine));
          const wanted = scope.wire(
            'wanted',
            allOf(control.active, wants(scope, c, p, control.word, operand, group)),
          );
          const tail = scope.reg('tail', uint(halfBits), 'place of the next sum that is written');
          const head = scope.reg('head', uint(halfBits), 'place of the next sum that is read');
          scope.always(io.clk, [
            when(
              io.rst.or(io.half_end),
              [set(tail, literal(0, halfBits))],
              [when(write, [set(tail, tail.increment())])],
            ),
            when(
              io.rst.or(control.last),
              [set(head, literal(0, halfBits))],
              [
                when(control.moves === null ? wanted : wanted.and(control.moves), [
                  set(head, head.increment()),
                ]),
              ],
            ),
          ]);
          scope.instance(
            'u_sums',
            leaves.ram,
            {
              clk: io.clk,
              write_enable: write,
              write_address: concat(writeHalf, tail),
              write_data: io.sums.part(group.times(sumBits), sumBits),
              read_enable: wanted,
              read_address: concat(readHalf, head),
              read_data: words.part(group.times(sumBits), sumBits),
            },
            { WIDTH: sumBits, DEPTH: p.QUEUE_WORDS },
          );
        });
        const out = operand === 'ready' ? io.lane_ready_sums : io.lane_complete_sums;
        toLanes(m, c, p, { clk: io.clk, out }, control.late, words, { operand, sumBits });
      }
      m.assign(io.step, control.step);
      m.assign(io.step_last, control.stepLast);
    },
  });
}

type Ports = Readonly<
  Record<'clk' | 'rst' | 'take' | 'last_step' | 'frame_end' | 'lanes_start', Expr<'u'>>
>;

/** Counts the steps of a pass: the step ROM is read ahead, so that its word is there with the first one. */
function stepControl(
  m: Scope,
  c: Configuration,
  p: { readonly STEPS: Int; readonly STEP_BITS: Int; readonly QUEUE_BITS: Int },
  io: Ports,
  romModule: Rom,
) {
  const { entries, partBits } = stepWord(c);
  const width = m.local(
    'STEP_WIDTH',
    p.QUEUE_BITS.plus(1).times(entries).plus(partBits),
    'bits of a word of the step ROM',
  );
  const addressBits = m.local('STEP_ADDRESS_BITS', indexBits(p.STEPS));
  const left = m.reg('steps_left', uint(p.STEP_BITS), 'steps after this one');
  const active = m.wire('active', io.take.or(left.ne(0)), 'sums of a step are read');
  const last = m.wire('last', io.take.choose(io.last_step.eq(0), left.eq(1)), 'those of the last');
  const ends = m.reg('frame_ends', bit, 'the pass at the lanes is the last of its frame');
  const address = m.reg('step_address', uint(addressBits), 'word of the step');
  const taken = m.wire('taken_ends', endLine(m, io));
  const ending = io.take.choose(taken, ends);
  const next = m.wire(
    'next_address',
    active.choose(
      allOf(last, ending).choose(literal(0, addressBits), address.increment()),
      address,
    ),
  );
  m.always(io.clk, [
    when(
      io.rst,
      [set(left, literal(0, p.STEP_BITS)), set(address, literal(0, addressBits))],
      [
        when(io.take, [set(left, io.last_step)], [when(left.ne(0), [set(left, left.decrement())])]),
        set(address, next),
      ],
    ),
    when(io.take, [set(ends, taken)]),
  ]);
  const word = m.net('step_word', uint(width), 'queues of the step');
  m.instance(
    'u_steps',
    romModule,
    { clk: io.clk, enable: literal(1, 1), address: next, data: word },
    { WIDTH: width, DEPTH: p.STEPS, MEM_DIR, INIT_FILE: { parameter: 'STEP_FILE' } },
  );
  const valid = delayedValid(m, io.clk, io.rst, 'active', active, 2);
  const lasts = delayedValid(m, io.clk, io.rst, 'last_read', allOf(active, last), 2);
  const late = m.reg('step_word_late', uint(width), 'that of the words that are read');
  m.always(io.clk, [set(late, word)]);
  const part = partBits > 0 ? word.part(width.minus(partBits), partBits) : null;
  return {
    word,
    active,
    last: m.wire('last_active', allOf(active, last)),
    /** The step is the last that needs its words. */
    moves: part && m.wire('moves', part.all()),
    late,
    step: valid.at(2),
    stepLast: lasts.at(2),
  };
}

/** Whether the pass that is taken ends its frame: known with its last sums, a cycle before. */
function endLine(m: Scope, io: Ports): Expr<'u'> {
  const line = m.reg('frame_end_late', bit);
  m.always(io.clk, [when(io.lanes_start, [set(line, io.frame_end)])]);
  return line;
}

export type RowQueues = ReturnType<typeof rowQueues>;
