import { type Expr, type Int, integer } from '../../../hdl/index.js';
import { defineBlock } from '../../build/define-block.js';
import { recordLayout } from '../../build/record.js';
import { layerTableInts, layerTableParameters, type Side } from '../../control/layer-table.js';
import { MATCHES, type Matched, matched } from '../../images/matches.js';
import { folderParameter, imageParameter } from '../../images/names.js';
import type { Rom } from '../../memory/leaf.js';
import { hReadWords, xReadWords } from '../../memory/read-words.js';
import { decoderLatency } from '../../pipeline/tracks.js';
import { addressStreams, type Configuration } from '../../plan/configuration.js';
import { hasPlaces, placeBits } from '../../plan/frames-in-memory.js';
import { type DecoderModule, decoderPorts } from '../ports.js';
import { hcgsAddresses } from './addresses.js';
import { hcgsIn } from './configuration.js';
import { hcgsCounters } from './counters.js';
import type { HcgsKit } from './kit.js';
import { hcgsPointers } from './pointers.js';
import { decoderRelations } from './relations.js';
import { indexStore } from './stores.js';
import { hcgsInts, hcgsTable } from './table.js';

/**
 * The HCGS index decoder: one counter and one small ROM per level, no per-weight index. Each side of a layer
 * has its own pointers, because the ready side runs ahead of the other one.
 */
export function hcgsDecoder(c: Configuration, romModule: Rom): DecoderModule {
  const streams = addressStreams(c);
  const { levels } = hcgsIn(c);
  const whole = hasPlaces(c);
  const latency = decoderLatency(c);
  const levelParameters: Record<string, Matched> = Object.fromEntries(
    levels.flatMap((l, i) => [
      [
        `INDEX_BITS_${i}`,
        matched(integer(l.indexBits, `Bits of a block number of level ${i}`), MATCHES.indexWord),
      ],
      [
        `INDEX_COPIES_${i}`,
        matched(
          integer(l.copies, `Block rows of level ${i} walked at the same time`),
          MATCHES.indexWord,
        ),
      ],
      [
        `INDEX_FILE_${i}`,
        imageParameter(c.name, indexStore(c, l, i).name, `Image of the index ROM of level ${i}`),
      ],
    ]),
  );
  return defineBlock({
    name: `${c.name}_hcgs_decoder`,
    doc: `HCGS index decoder, ${levels.length} levels. Walks the kept blocks of a half (x or h side) of one row group set: the innermost block is counted through, each level adds block number x stride. A level's ROM holds the numbers of the kept blocks of every block row in walking order. Latency from \`advance\` to \`address\`: ${latency} cycle${latency === 1 ? '' : 's'}.`,
    parameters: {
      ...layerTableParameters(c, hcgsTable),
      STREAMS: matched(integer(streams, 'Activation addresses per cycle'), MATCHES.streams),
      X_BUFFER_WORDS: matched(
        integer(xReadWords(c), `Words of one ${whole ? 'frame' : 'buffer'} of the x memory`),
        MATCHES.room,
      ),
      H_BUFFER_WORDS: matched(
        integer(hReadWords(c), `Words of one ${whole ? 'frame' : 'buffer'} of the h memory`),
        MATCHES.room,
      ),
      ...(whole
        ? {
            PLACE_BITS: matched(
              integer(placeBits(c), 'Bits of the number of a frame in a memory'),
              MATCHES.nothing,
            ),
          }
        : {}),
      ...(levels.length === 0 ? {} : { MEM_DIR: folderParameter() }),
      ...levelParameters,
    },
    waivers: [
      {
        ...{ code: 'NO_RESET', path: '*_repeat_*' },
        why: 'load sets it before the first tile of a layer',
      },
    ],
    relations: (p) => decoderRelations(c, p),
    ports: (p) => decoderPorts(p, 'decoder', whole),
    body: (m, p, io) => {
      const widths = hcgsInts(c, p);
      const record = recordLayout(layerTableInts(c, p, hcgsTable));
      m.comment('Places of the fields in a layer table word.');
      const fieldOf = record.places(m, 'field');
      const now = (name: string): Expr<'u'> => fieldOf(io.layer, name);
      const next = (name: string, width: Int): Expr<'u'> => fieldOf(io.next_layer, name, width);
      const field = (name: (side: Side) => string): Expr<'u'> =>
        io.x_side.choose(now(name('x')), now(name('h')));
      m.unused('fields', io.load, io.layer, io.next_layer);
      const kit: HcgsKit = { c, levels, m, p, io, widths, now, next, field };
      const counters = hcgsCounters(kit);
      const pointers = hcgsPointers(kit, counters);
      hcgsAddresses(kit, counters, pointers, romModule);
    },
  });
}
