import {
  type Expr,
  type Int,
  integer,
  literal,
  output,
  repeat,
  requires,
  Stages,
  set,
  uint,
} from '../../../hdl/index.js';
import { defineBlock } from '../../build/define-block.js';
import { recordLayout } from '../../build/record.js';
import { layerTableInts, layerTableParameters, type Side } from '../../control/layer-table.js';
import { matched } from '../../images/matches.js';
import { folderParameter, imageParameter } from '../../images/names.js';
import type { Rom } from '../../memory/leaf.js';
import { DECODER, decoderLatency, trackOf } from '../../pipeline/tracks.js';
import { addressStreams, type Configuration } from '../../plan/configuration.js';
import { bufferWord } from '../buffer.js';
import { bufferParameters, ROM_WAIVERS, romRelations, tileRom } from '../list/rom.js';
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
      ...bufferParameters(c),
      INDEX_BITS: matched(
        integer(queueIn(c).indexBits, 'Bits of a column number'),
        'bits of a column number in `*_index_queue.mem`',
      ),
      LIST_WORDS: matched(integer(words, 'Words of the list ROM'), 'words of `*_index_queue.mem`'),
      MEM_DIR: folderParameter(),
      LIST_FILE: imageParameter(c.name, name, 'Image of the list ROM'),
    },
    relations: (p) => [
      ...romRelations(c, p, queueTable, 'column'),
      requires(
        (p as Readonly<Record<string, Int>>).TILE_COLS as Int,
        '==',
        1,
        'TILE_COLS must be 1',
      ),
    ],
    waivers: [...ROM_WAIVERS],
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
      const bits = of('INDEX_BITS');
      const groups = of('ROW_GROUPS');
      const numbersWidth = m.local('NUMBERS_BITS', bits.times(of('STREAMS')));
      const listWidth = m.local('LIST_BITS', numbersWidth.plus(groups));
      const base = layout.unpack(m, 'next', io.next_layer)('weight_base');
      const data = tileRom(m, io, { of, base, width: listWidth }, romModule);
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
