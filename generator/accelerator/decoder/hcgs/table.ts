import { type Int, type IntLike, indexBits, integer } from '../../../hdl/index.js';
import type { Field, Side, SideTable } from '../../control/layer-table.js';
import { MATCHES, type Matched, matched } from '../../images/matches.js';
import { bitsOf, type Configuration } from '../../plan/configuration.js';
import { hcgsIn } from './configuration.js';

/** Names of the fields of a side, by level. */
export const levelField = {
  keep: (side: Side, level: number) => `${side}_keep_${level}`,
  stride: (side: Side, level: number) => `${side}_stride_${level}`,
  repeat: (side: Side, level: number) => `${side}_repeat_${level}`,
  base: (side: Side, level: number) => `${side}_index_${level}`,
} as const;

/** Widths of the fields; numbers for the images, expressions for the Verilog. */
export interface HcgsWidths<W extends IntLike> {
  readonly inner: W;
  readonly levels: readonly {
    readonly keep: W;
    readonly stride: W;
    readonly repeat: W;
    readonly base: W;
  }[];
}

function fieldsOf<W extends IntLike>(w: HcgsWidths<W>, s: Side): readonly Field<W>[] {
  return [
    { name: `${s}_inner`, width: w.inner },
    ...w.levels.flatMap((level, l) => [
      { name: levelField.keep(s, l), width: level.keep },
      { name: levelField.stride(s, l), width: level.stride },
      { name: levelField.repeat(s, l), width: level.repeat },
      { name: levelField.base(s, l), width: level.base },
    ]),
  ];
}

function widthsOf(c: Configuration): HcgsWidths<number> {
  const { innerMost, levels } = hcgsIn(c);
  return {
    inner: bitsOf(innerMost),
    levels: levels.map((l) => ({
      keep: bitsOf(l.keepMost),
      stride: l.strideBits,
      repeat: l.repeatBits,
      base: bitsOf(l.depth),
    })),
  };
}

/** Widths over the parameters of the decoder. */
export function hcgsInts(c: Configuration, p: Readonly<Record<string, Int>>): HcgsWidths<Int> {
  const of = (name: string): Int => p[name] as Int;
  return {
    inner: of('INNER_BITS'),
    levels: hcgsIn(c).levels.map((_, i) => ({
      keep: of(`KEEP_BITS_${i}`),
      stride: of(`STRIDE_BITS_${i}`),
      repeat: of(`REPEAT_BITS_${i}`),
      base: indexBits(of(`INDEX_DEPTH_${i}`)),
    })),
  };
}

function parametersOf(c: Configuration): Readonly<Record<string, Matched>> {
  const { inner } = widthsOf(c);
  return {
    INNER_BITS: matched(
      integer(inner, 'Bits of the count of tiles in an innermost block'),
      MATCHES.layerFields,
    ),
    ...Object.fromEntries(
      hcgsIn(c).levels.flatMap((l, i) => [
        [
          `KEEP_BITS_${i}`,
          matched(
            integer(bitsOf(l.keepMost), `Bits of the count of kept blocks, level ${i}`),
            MATCHES.layerFields,
          ),
        ],
        [
          `STRIDE_BITS_${i}`,
          matched(
            integer(l.strideBits, `Bits of the distance between blocks, level ${i}`),
            MATCHES.layerFields,
          ),
        ],
        [
          `REPEAT_BITS_${i}`,
          matched(
            integer(l.repeatBits, `Bits of the count of sets in a block row, level ${i}`),
            MATCHES.layerFields,
          ),
        ],
        [
          `INDEX_DEPTH_${i}`,
          matched(
            integer(l.depth, `Words of the index ROM of level ${i}`),
            'words of `*_index_*.mem` of the level; fields of `*_layers.mem`',
          ),
        ],
      ]),
    ),
  };
}

/** What the HCGS decoder has in a word of the layer table. */
export const hcgsTable: SideTable = {
  numbers: (c, side) => fieldsOf(widthsOf(c), side),
  ints: (c, p, side) => fieldsOf(hcgsInts(c, p), side),
  parameters: parametersOf,
  addressBits: (c) => {
    const { innerMost, levels } = hcgsIn(c);
    return Math.max(bitsOf(innerMost), ...levels.map((l) => l.indexBits + l.strideBits));
  },
};
