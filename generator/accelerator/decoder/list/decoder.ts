import { type Expr, type Int, integer, Stages, set, uint } from '../../../hdl/index.js';
import { defineBlock } from '../../build/define-block.js';
import { recordLayout } from '../../build/record.js';
import { layerTableInts, layerTableParameters, type Side } from '../../control/layer-table.js';
import { matched } from '../../images/matches.js';
import { folderParameter, imageParameter } from '../../images/names.js';
import type { Rom } from '../../memory/leaf.js';
import { DECODER, decoderLatency, trackOf } from '../../pipeline/tracks.js';
import { addressStreams, type Configuration } from '../../plan/configuration.js';
import { bufferWord } from '../buffer.js';
import { type DecoderModule, decoderPorts } from '../ports.js';
import { matrixEnd, presentColumns } from '../present.js';
import { bufferParameters, ROM_WAIVERS, romRelations, tileRom } from './rom.js';
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
      ...bufferParameters(c),
      INDEX_BITS: matched(
        integer(width / addressStreams(c), 'Bits of a word number'),
        'bits of a word number in `*_index_list.mem`',
      ),
      LIST_WORDS: matched(integer(words, 'Words of the list ROM'), 'words of `*_index_list.mem`'),
      MEM_DIR: folderParameter(),
      LIST_FILE: imageParameter(c.name, name, 'Image of the list ROM'),
    },
    relations: (p) => romRelations(c, p, listTable, 'word'),
    waivers: [...ROM_WAIVERS],
    ports: (p) => decoderPorts(p, 'jobs'),
    body: (m, p, io) => {
      const of = (name: string): Int => (p as Readonly<Record<string, Int>>)[name] as Int;
      const places = recordLayout(layerTableInts(c, p, listTable)).places(m, 'field');
      const field = (name: (side: Side) => string): Expr<'u'> =>
        io.x_side.choose(places(io.layer, name('x')), places(io.layer, name('h')));
      m.unused('fields', io.layer, io.next_layer, io.rst, io.tile_first, io.tile_last);
      const address = uint(of('ADDRESS_BITS'));
      const bits = of('INDEX_BITS');
      const listWidth = m.local('LIST_BITS', bits.times(of('STREAMS')));
      const base = places(io.next_layer, 'weight_base');
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
