import {
  clog2,
  type Expr,
  type Int,
  indexBits,
  integer,
  literal,
  output,
  repeat,
  requires,
  Stages,
  set,
  uint,
  when,
} from '../../../hdl/index.js';
import { defineBlock } from '../../build/define-block.js';
import { recordLayout } from '../../build/record.js';
import { layerTableInts, layerTableParameters, type Side } from '../../control/layer-table.js';
import { MATCHES, matched } from '../../images/matches.js';
import { folderParameter, imageParameter, MEM_DIR } from '../../images/names.js';
import type { Rom } from '../../memory/leaf.js';
import { hReadWords, xReadWords } from '../../memory/read-words.js';
import { DECODER, decoderLatency, trackOf } from '../../pipeline/tracks.js';
import { addressStreams, type Configuration } from '../../plan/configuration.js';
import { bufferWord } from '../buffer.js';
import { type DecoderModule, decoderPorts } from '../ports.js';
import { queueIn } from './configuration.js';
import { listStore } from './stores.js';
import { queueTable } from './table.js';

/**
 * The decoder of queues: a ROM beside the weights that says for every tile which column each column of a row group reads, and
 * which row groups end their rows with it.
 */
export function queueDecoder(c: Configuration, romModule: Rom): DecoderModule {
  const latency = decoderLatency(c);
  const { words, name } = listStore(c);
  return defineBlock({
    name: `${c.name}_queue_decoder`,
    doc: `Decoder of queues. A word of its ROM belongs to a tile: for each column of each row group the number of a column of the matrix, above them a bit for each row group whose rows end. Latency from \`advance\` to \`address\` and \`ends\`: ${latency} cycle${latency === 1 ? '' : 's'}.`,
    parameters: {
      ...layerTableParameters(c, queueTable),
      STREAMS: matched(
        integer(addressStreams(c), 'Activation addresses per cycle'),
        'column numbers side by side in `*_index_queue.mem`',
      ),
      ROW_GROUPS: matched(
        integer(c.rowGroups, 'Row groups in parallel'),
        'ends side by side in `*_index_queue.mem`',
      ),
      X_BUFFER_WORDS: matched(
        integer(xReadWords(c), 'Words of one buffer of the x memory'),
        MATCHES.room,
      ),
      H_BUFFER_WORDS: matched(
        integer(hReadWords(c), 'Words of one buffer of the h memory'),
        MATCHES.room,
      ),
      INDEX_BITS: matched(
        integer(queueIn(c).indexBits, 'Bits of a column number'),
        'bits of a column number in `*_index_queue.mem`',
      ),
      LIST_WORDS: matched(integer(words, 'Words of the list ROM'), 'words of `*_index_queue.mem`'),
      MEM_DIR: folderParameter(),
      LIST_FILE: imageParameter(c.name, name, 'Image of the list ROM'),
    },
    relations: (p) => {
      const of = (name: string): Int => (p as Readonly<Record<string, Int>>)[name] as Int;
      const address = of('ADDRESS_BITS');
      const reach = (side: 'x' | 'h', buffer: Int) =>
        requires(
          address,
          '>=',
          clog2(buffer.times(2)),
          `ADDRESS_BITS must reach both ${side} buffers`,
        );
      return [
        requires(
          of('LAYER_BITS'),
          '==',
          recordLayout(layerTableInts(c, p, queueTable)).width,
          'LAYER_BITS must be the sum of the fields',
        ),
        requires(address, '>=', of('INDEX_BITS'), 'ADDRESS_BITS must hold the number of a column'),
        requires(of('TILE_COLS'), '==', 1, 'TILE_COLS must be 1'),
        requires(
          of('WEIGHT_ADDRESS_BITS'),
          '==',
          indexBits(of('LIST_WORDS')),
          'WEIGHT_ADDRESS_BITS must be the bits of an address of the list',
        ),
        reach('x', of('X_BUFFER_WORDS')),
        reach('h', of('H_BUFFER_WORDS')),
      ];
    },
    waivers: [
      {
        ...{ code: 'NO_RESET', path: 'pointer' },
        why: 'load sets it before the first tile of a layer',
      },
    ],
    ports: (p) => {
      const of = (name: string): Int => (p as Readonly<Record<string, Int>>)[name] as Int;
      return {
        ...decoderPorts(p, 'jobs'),
        ends: output(uint(of('ROW_GROUPS')), 'the tile is the last of its rows, [row group]'),
      };
    },
    body: (m, p, io) => {
      const of = (name: string): Int => (p as Readonly<Record<string, Int>>)[name] as Int;
      const layout = recordLayout(layerTableInts(c, p, queueTable));
      const layer = layout.unpack(m, 'field', io.layer);
      const field = (name: (side: Side) => string): Expr<'u'> =>
        io.x_side.choose(layer(name('x')), layer(name('h')));
      m.unused('fields', io.layer, io.next_layer, io.rst, io.tile_first, io.tile_last);
      const address = uint(of('ADDRESS_BITS'));
      const pointerBits = m.local('POINTER_BITS', indexBits(of('LIST_WORDS')));
      const pointer = m.reg('pointer', uint(pointerBits), 'ROM word of the tile');
      const base = layout.unpack(m, 'next', io.next_layer)('weight_base').resize(pointerBits);
      m.always(io.clk, [
        when(
          io.load,
          [set(pointer, base)],
          [when(io.advance, [set(pointer, pointer.increment())])],
        ),
      ]);
      const bits = of('INDEX_BITS');
      const groups = of('ROW_GROUPS');
      const numbersWidth = m.local('NUMBERS_BITS', bits.times(of('STREAMS')));
      const listWidth = m.local('LIST_BITS', numbersWidth.plus(groups));
      const data = m.net('list', uint(listWidth), 'cycle 1');
      m.instance(
        'u_list',
        romModule,
        { clk: io.clk, enable: io.advance, address: pointer, data },
        {
          WIDTH: listWidth,
          DEPTH: of('LIST_WORDS'),
          MEM_DIR,
          INIT_FILE: { parameter: 'LIST_FILE' },
        },
      );
      const source = m.wire(
        'source',
        field((s) => `${s}_source`),
        'first word of the vector',
      );
      const buffer = bufferWord(m, io, of, address.width);
      const stages = new Stages(m, io.clk, trackOf(c, DECODER), () => io.advance);
      const [read, number, offset, sum] = [0, 1, 2, 3].map((n) => stages.at(n)) as [
        ReturnType<typeof stages.at>,
        ReturnType<typeof stages.at>,
        ReturnType<typeof stages.at>,
        ReturnType<typeof stages.at>,
      ];
      m.comment('The word of a tile: the first word of its vector, and the number from the list.');
      const start = stages.reg(read, 'start', address, 'first word of the vector, in its buffer');
      const startLate = stages.reg(number, 'start_late', address);
      const list = stages.reg(number, 'list_late', uint(listWidth), 'the word of the tile');
      const ends = stages.reg(offset, 'ends_offset', uint(groups));
      const endsLate = stages.reg(sum, 'ends_late', uint(groups));
      stages.set(
        stages.free(read, set(start, source.addWrap(buffer))),
        stages.free(number, set(startLate, start), set(list, data)),
        stages.free(offset, set(ends, list.part(numbersWidth, groups))),
        stages.free(sum, set(endsLate, ends)),
      );
      m.assign(io.ends, endsLate);
      m.comment('A number is that of a column of the matrix: it is always there.');
      m.assign(io.present, repeat(of('STREAMS').times(of('TILE_COLS')), literal(1, 1)));
      m.forEach('stream', of('STREAMS'), (stream, scope) => {
        const own = new Stages(scope, io.clk, trackOf(c, DECODER), () => io.advance);
        const word = own.reg(offset, 'word', address);
        const wordLate = own.reg(sum, 'word_late', address);
        const mine = scope.wire('number', list.part(stream.times(bits), bits));
        own.set(
          own.free(offset, set(word, startLate.addWrap(mine.resize(address.width)))),
          own.free(sum, set(wordLate, word)),
        );
        scope.assign(io.address.part(stream.times(address.width), address.width), wordLate);
      });
    },
  });
}
