import { clog2, div, type Int, type Relation, requires } from '../../../hdl/index.js';
import { recordLayout } from '../../build/record.js';
import { layerTableInts } from '../../control/layer-table.js';
import type { Configuration } from '../../plan/configuration.js';
import { hasPlaces, hPlaceBits, placeBits } from '../../plan/frames-in-memory.js';
import { hcgsIn } from './configuration.js';
import { hcgsTable } from './table.js';

/** What the parameters of the HCGS decoder have to be to each other. */
export function decoderRelations(
  c: Configuration,
  p: Readonly<Record<string, Int>>,
): readonly Relation[] {
  const of = (name: string): Int => p[name] as Int;
  const word = recordLayout(layerTableInts(c, p, hcgsTable)).width;
  const address = of('ADDRESS_BITS');
  const reach = (side: 'x' | 'h', words: Int): Relation =>
    hasPlaces(c)
      ? requires(
          address,
          '>=',
          clog2(words)
            .plus(of('PLACE_BITS'))
            .minus(side === 'x' ? 0 : placeBits(c) - hPlaceBits(c)),
          `ADDRESS_BITS must reach all frames of ${side}`,
        )
      : requires(
          address,
          '>=',
          clog2(words.times(2)),
          `ADDRESS_BITS must reach both ${side} buffers`,
        );
  return [
    requires(of('LAYER_BITS'), '==', word, 'LAYER_BITS must be the sum of the fields'),
    requires(address, '>=', of('INNER_BITS'), 'ADDRESS_BITS must be at least INNER_BITS'),
    reach('x', of('X_BUFFER_WORDS')),
    reach('h', of('H_BUFFER_WORDS')),
    ...hcgsIn(c).levels.flatMap((_, l) => {
      const copies = of(`INDEX_COPIES_${l}`);
      return [
        requires(
          address,
          '>=',
          of(`INDEX_BITS_${l}`).plus(of(`STRIDE_BITS_${l}`)),
          `ADDRESS_BITS must hold a block number x stride of level ${l}`,
        ),
        requires(
          div(of('STREAMS'), copies).times(copies),
          '==',
          of('STREAMS'),
          `STREAMS must be a multiple of INDEX_COPIES_${l}`,
        ),
      ];
    }),
  ];
}
