import {
  clog2,
  type Expr,
  type Int,
  indexBits,
  integer,
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
import { matrixEnd, presentColumns } from '../present.js';
import { listStore } from './stores.js';
import { listTable } from './table.js';

/**
 * The list decoder: a ROM beside the weights that says for every tile which word of activations each stream reads. Its pointer
 * goes as the address of the weights does, so that one ROM word belongs to one weight word.
 */
export function listDecoder(c: Configuration, romModule: Rom): DecoderModule {
  const latency = decoderLatency(c);
  const { width, words, name } = listStore(c);
  return defineBlock({
    name: `${c.name}_list_decoder`,
    doc: `List decoder. A word of its ROM belongs to a tile, and holds for each stream the number of the activation word that the tile reads, from the first word of the matrix. Tiles come in the order in which the ROM has them, pass by pass. Latency from \`advance\` to \`address\`: ${latency} cycle${latency === 1 ? '' : 's'}.`,
    parameters: {
      ...layerTableParameters(c, listTable),
      STREAMS: matched(
        integer(addressStreams(c), 'Activation addresses per cycle'),
        'word numbers side by side in `*_index_list.mem`',
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
        integer(width / addressStreams(c), 'Bits of a word number'),
        'bits of a word number in `*_index_list.mem`',
      ),
      LIST_WORDS: matched(integer(words, 'Words of the list ROM'), 'words of `*_index_list.mem`'),
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
          recordLayout(layerTableInts(c, p, listTable)).width,
          'LAYER_BITS must be the sum of the fields',
        ),
        requires(address, '>=', of('INDEX_BITS'), 'ADDRESS_BITS must hold the number of a word'),
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
    ports: (p) => decoderPorts(p, 'jobs'),
    body: (m, p, io) => {
      const of = (name: string): Int => (p as Readonly<Record<string, Int>>)[name] as Int;
      const places = recordLayout(layerTableInts(c, p, listTable)).places(m, 'field');
      const field = (name: (side: Side) => string): Expr<'u'> =>
        io.x_side.choose(places(io.layer, name('x')), places(io.layer, name('h')));
      m.unused('fields', io.layer, io.next_layer, io.rst, io.tile_first, io.tile_last);
      const address = uint(of('ADDRESS_BITS'));
      const pointerBits = m.local('POINTER_BITS', indexBits(of('LIST_WORDS')));
      const pointer = m.reg('pointer', uint(pointerBits), 'ROM word of the tile');
      const base = places(io.next_layer, 'weight_base').resize(pointerBits);
      m.always(io.clk, [
        when(
          io.load,
          [set(pointer, base)],
          [when(io.advance, [set(pointer, pointer.increment())])],
        ),
      ]);
      const bits = of('INDEX_BITS');
      const listWidth = m.local('LIST_BITS', bits.times(of('STREAMS')));
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
      const numbers = stages.reg(number, 'numbers', uint(listWidth), 'word numbers of the tile');
      stages.set(
        stages.free(read, set(start, source.addWrap(buffer))),
        stages.free(number, set(startLate, start), set(numbers, data)),
      );
      const end = matrixEnd(m, c, io.clk, field);
      const columns = of('TILE_COLS');
      m.forEach('stream', of('STREAMS'), (stream, scope) => {
        const own = new Stages(scope, io.clk, trackOf(c, DECODER), () => io.advance);
        const word = own.reg(offset, 'word', address);
        const place = own.reg(offset, 'place', address, 'word of the matrix, from its first one');
        const wordLate = own.reg(sum, 'word_late', address);
        const placeLate = own.reg(sum, 'place_late', address);
        const mine = scope.wire('number', numbers.part(stream.times(bits), bits));
        own.set(
          own.free(
            offset,
            set(word, startLate.addWrap(mine.resize(address.width))),
            set(place, mine.resize(address.width)),
          ),
          own.free(sum, set(wordLate, word), set(placeLate, place)),
        );
        scope.assign(io.address.part(stream.times(address.width), address.width), wordLate);
        const present = io.present.part(stream.times(columns), columns);
        presentColumns(scope, io.clk, placeLate, end, present);
      });
    },
  });
}
