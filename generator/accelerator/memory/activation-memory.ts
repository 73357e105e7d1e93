import {
  bit,
  type Expr,
  type Int,
  input,
  int,
  integer,
  literal,
  output,
  repeat,
  requires,
  Stages,
  set,
  uint,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { delayed } from '../build/pipeline.js';
import { readAddressBits } from '../decoder/registry.js';
import { MATCHES, matched } from '../images/matches.js';
import { MEMORY, memoryLatency, trackOf } from '../pipeline/tracks.js';
import { addressStreams, type Configuration, wordColumns } from '../plan/configuration.js';
import type { ActMemory } from './act-memory.js';
import { activationStores } from './activation-stores.js';
import { hWriteBits } from './h-words.js';
import { hReadBits, xReadBits, xWriteBits } from './read-words.js';

/** x and h apart, both double-buffered, one copy of each per address stream. */
export function activationMemory(c: Configuration, memory: ActMemory) {
  const { x, h } = activationStores(c);
  return defineBlock({
    name: `${c.name}_activation_memory`,
    doc: `Activation memories: x and h apart, two buffers each, one copy per address stream. Every copy takes every write. Latency from address to operands: ${memoryLatency(c)} cycle${memoryLatency(c) === 1 ? '' : 's'}.`,
    parameters: {
      ACT_BITS: matched(
        integer(c.words.activation, 'Bits of an activation', 4, 16),
        MATCHES.activations,
      ),
      TILE_COLS: matched(integer(wordColumns(c), 'Activations in one operand word'), MATCHES.tiles),
      STREAMS: matched(integer(addressStreams(c), 'Operand words per cycle'), MATCHES.streams),
      ADDRESS_BITS: matched(
        integer(readAddressBits(c), 'Bits of an activation address'),
        MATCHES.nothing,
      ),
      STREAM_LANES: matched(integer(c.streamLanes, 'Values of x per write'), MATCHES.streamLanes),
      CELL_LANES: matched(integer(c.cellLanes, 'Values of h per write'), MATCHES.cellLanes),
      X_ROWS: matched(
        integer(x.words, 'Rows of the x memory, both buffers, a power of two', 2),
        MATCHES.room,
      ),
      H_ROWS: matched(
        integer(h.words, 'Rows of the h memory, both buffers, a power of two', 2),
        MATCHES.room,
      ),
      X_WRITE_BITS: matched(integer(xWriteBits(c), 'Bits of an x write address'), MATCHES.nothing),
      X_READ_BITS: matched(integer(xReadBits(c), 'Bits of an x read address'), MATCHES.nothing),
      H_WRITE_BITS: matched(integer(hWriteBits(c), 'Bits of an h write address'), MATCHES.nothing),
      H_READ_BITS: matched(integer(hReadBits(c), 'Bits of an h read address'), MATCHES.nothing),
    },
    relations: (p) => [
      requires(p.ADDRESS_BITS, '>=', p.X_READ_BITS, 'ADDRESS_BITS must be at least X_READ_BITS'),
      requires(p.ADDRESS_BITS, '>=', p.H_READ_BITS, 'ADDRESS_BITS must be at least H_READ_BITS'),
    ],
    ports: (p) => ({
      clk: input(bit),
      x_write: input(bit),
      x_address: input(uint(p.X_WRITE_BITS), 'words of STREAM_LANES'),
      x_data: input(uint(p.STREAM_LANES.times(p.ACT_BITS))),
      h_write: input(bit),
      h_address: input(uint(p.H_WRITE_BITS), 'words of CELL_LANES'),
      h_data: input(uint(p.CELL_LANES.times(p.ACT_BITS))),
      read: input(bit, 'the addresses are valid'),
      from_input: input(bit, 'they are in the x memory'),
      zero: input(bit, 'the operands read as zero'),
      address: input(uint(p.STREAMS.times(p.ADDRESS_BITS)), 'words of TILE_COLS, [stream]'),
      present: input(
        uint(p.STREAMS.times(p.TILE_COLS)),
        'a cycle later: columns that do not read as zero, [stream][column]',
      ),
      operands: output(uint(p.STREAMS.times(p.TILE_COLS).times(p.ACT_BITS)), '[stream][column]'),
    }),
    body: (m, p, io) => {
      const wordBits = m.local(p.TILE_COLS.times(p.ACT_BITS));
      const track = trackOf(c, MEMORY);
      const note = 'cycles from a read to the choice between x and h';
      const choose = track.cycles(2) < 2 ? int(1) : m.local('CHOOSE_STAGE', track.cycles(2), note);
      const fromInput = delayed(m, io.clk, 'from_input', io.from_input, choose).at(choose);
      const zero = delayed(m, io.clk, 'zero', io.zero, 1).at(1);
      const readX = m.wire(io.read.and(io.from_input));
      const readH = m.wire(io.read.and(io.from_input.not()));
      m.unused('address', io.address);
      m.forEach('stream', p.STREAMS, (stream, scope) => {
        const xWord = scope.net(uint(wordBits));
        const hWord = scope.net(uint(wordBits));
        const copy = (
          name: string,
          sizes: {
            readonly lanes: Int;
            readonly rows: Int;
            readonly write: Int;
            readonly read: Int;
          },
          write: readonly [Expr<'u'>, Expr<'u'>, Expr<'u'>],
          enable: Expr<'u'>,
          word: Expr<'u'>,
        ): void =>
          scope.instance(
            name,
            memory,
            {
              clk: io.clk,
              write_enable: write[0],
              write_address: write[1],
              write_data: write[2],
              read_enable: enable,
              read_address: io.address.part(stream.times(p.ADDRESS_BITS), sizes.read),
              read_data: word,
            },
            {
              LANE_BITS: p.ACT_BITS,
              WRITE_LANES: sizes.lanes,
              READ_LANES: p.TILE_COLS,
              ROWS: sizes.rows,
              WRITE_ADDRESS_BITS: sizes.write,
              READ_ADDRESS_BITS: sizes.read,
            },
          );
        copy(
          'u_x',
          { lanes: p.STREAM_LANES, rows: p.X_ROWS, write: p.X_WRITE_BITS, read: p.X_READ_BITS },
          [io.x_write, io.x_address, io.x_data],
          readX,
          xWord,
        );
        copy(
          'u_h',
          { lanes: p.CELL_LANES, rows: p.H_ROWS, write: p.H_WRITE_BITS, read: p.H_READ_BITS },
          [io.h_write, io.h_address, io.h_data],
          readH,
          hWord,
        );
        // words are taken whether there is a tile or not
        const stages = new Stages(scope, io.clk, track, () => literal(1, 1));
        const [read, chosen] = [stages.at(1), stages.at(2)];
        const xLate = stages.reg(read, 'x_late', uint(wordBits));
        const hLate = stages.reg(read, 'h_late', uint(wordBits));
        const kept = stages.reg(
          read,
          'kept',
          uint(p.TILE_COLS),
          'columns that do not read as zero',
        );
        const mask = scope.net(uint(wordBits), 'what nothing has written must not meet a weight');
        scope.forEach('column', p.TILE_COLS, (column, inner) =>
          inner.assign(
            mask.part(column.times(p.ACT_BITS), p.ACT_BITS),
            repeat(p.ACT_BITS, kept.bit(column)),
          ),
        );
        const word = scope.wire(fromInput.choose(xLate, hLate).and(mask));
        stages.set(
          stages.free(
            read,
            set(xLate, xWord),
            set(hLate, hWord),
            set(
              kept,
              io.present
                .part(stream.times(p.TILE_COLS), p.TILE_COLS)
                .and(repeat(p.TILE_COLS, zero.not())),
            ),
          ),
          stages.free(chosen, set(io.operands.part(stream.times(wordBits), wordBits), word)),
        );
      });
    },
  });
}

export type ActivationMemory = ReturnType<typeof activationMemory>;
