import { type Int, type IntLike, indexBits, int, integer } from '../../hdl/index.js';
import { recordBits } from '../build/record.js';
import { MATCHES, type Matched, matched } from '../images/matches.js';
import { bitsOf, type Configuration } from '../plan/configuration.js';

/** Sides of a layer: x reads the layer below (or the input), h reads the layer itself one frame ago. */
export const SIDES = ['x', 'h'] as const;
export type Side = (typeof SIDES)[number];

/** Names of the per-level fields of one side. */
export const levelField = {
  keep: (side: Side, level: number) => `${side}_keep_${level}`,
  stride: (side: Side, level: number) => `${side}_stride_${level}`,
  repeat: (side: Side, level: number) => `${side}_repeat_${level}`,
  base: (side: Side, level: number) => `${side}_index_${level}`,
} as const;

/** Widths that the fields of the layer table take; numbers for the images, expressions for the Verilog. */
export interface LayerTableWidths<W extends IntLike> {
  readonly groups: W;
  readonly ahead: W;
  readonly inner: W;
  readonly address: W;
  /** Columns of a tile. */
  readonly columns: W;
  readonly levels: readonly {
    readonly keep: W;
    readonly stride: W;
    readonly repeat: W;
    readonly base: W;
  }[];
}

/** Fields of one word of the layer table, low bits first. Counts are stored minus one. */
export function layerTableFields<W extends IntLike>(w: LayerTableWidths<W>, one: W) {
  const side = (s: Side) => [
    { name: `${s}_inner`, width: w.inner },
    { name: `${s}_source`, width: w.address },
    { name: `${s}_last`, width: w.address },
    { name: `${s}_tail`, width: w.columns },
    ...w.levels.flatMap((level, l) => [
      { name: levelField.keep(s, l), width: level.keep },
      { name: levelField.stride(s, l), width: level.stride },
      { name: levelField.repeat(s, l), width: level.repeat },
      { name: levelField.base(s, l), width: level.base },
    ]),
  ];
  return [...layerHeadFields(w, one), ...side('x'), ...side('h')];
}

/** The fields at the low end of a layer table word: all that the sequencer reads. */
export function layerHeadFields<W extends IntLike>(
  w: Pick<LayerTableWidths<W>, 'groups' | 'ahead'>,
  one: W,
) {
  return [
    { name: 'last', width: one },
    { name: 'waits', width: one },
    { name: 'single', width: one },
    { name: 'x_first', width: one },
    { name: 'from_input', width: one },
    { name: 'groups', width: w.groups },
    { name: 'ahead', width: w.ahead },
  ];
}

/** Bits of an activation word address: wide enough for both memories and every product on the way. */
export function addressBits(c: Configuration): number {
  const xWide = Math.max(c.streamLanes, c.tileColumns);
  const hWide = Math.max(c.cellLanes, c.tileColumns);
  return Math.max(
    bitsOf((2 * c.xRows * xWide) / c.tileColumns),
    bitsOf((2 * c.hRows * hWide) / c.tileColumns),
    bitsOf(c.innerMost),
    ...c.levels.map((l) => l.indexBits + l.strideBits),
  );
}

export function layerTableWidths(c: Configuration): LayerTableWidths<number> {
  return {
    groups: bitsOf(c.groups),
    ahead: bitsOf(c.sumSlots),
    inner: bitsOf(c.innerMost),
    address: addressBits(c),
    columns: c.tileColumns,
    levels: c.levels.map((l) => ({
      keep: bitsOf(l.keepMost),
      stride: l.strideBits,
      repeat: l.repeatBits,
      base: bitsOf(l.depth),
    })),
  };
}

/** Parameters of a module that reads the layer table: what fixes the places of its fields. */
export function layerTableParameters(c: Configuration): Readonly<Record<string, Matched>> {
  const w = layerTableWidths(c);
  return {
    ...layerHeadParameters(c),
    INNER_BITS: matched(
      integer(w.inner, 'Bits of the count of tiles in an innermost block'),
      MATCHES.layerFields,
    ),
    ADDRESS_BITS: matched(integer(w.address, 'Bits of an activation address'), MATCHES.layerFields),
    TILE_COLS: matched(
      integer(w.columns, 'Columns of a tile: activations of a word'),
      MATCHES.tiles,
    ),
    ...Object.fromEntries(
      c.levels.flatMap((l, i) => [
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

/** Parameters of a module that reads the low end of a layer table word. */
export function layerHeadParameters(c: Configuration) {
  const w = layerTableWidths(c);
  const bits = recordBits(layerTableFields(w, 1));
  return {
    LAYER_BITS: matched(
      integer(bits, 'Bits of a layer table word: the sum of its fields'),
      MATCHES.layerFields,
    ),
    GROUP_BITS: matched(
      integer(w.groups, 'Bits of the count of row group sets'),
      MATCHES.layerFields,
    ),
    SUM_SLOTS: matched(
      integer(c.sumSlots, 'Row group sets whose ready half can wait'),
      MATCHES.layerField,
    ),
  };
}

/** Widths of the layer table fields over those parameters. */
export function layerTableInts(
  c: Configuration,
  p: Readonly<Record<string, Int>>,
): LayerTableWidths<Int> {
  const of = (name: string): Int => p[name] as Int;
  return {
    groups: of('GROUP_BITS'),
    ahead: indexBits(of('SUM_SLOTS')),
    inner: of('INNER_BITS'),
    address: of('ADDRESS_BITS'),
    columns: of('TILE_COLS'),
    levels: c.levels.map((_, i) => ({
      keep: of(`KEEP_BITS_${i}`),
      stride: of(`STRIDE_BITS_${i}`),
      repeat: of(`REPEAT_BITS_${i}`),
      base: indexBits(of(`INDEX_DEPTH_${i}`)),
    })),
  };
}

export const ONE: Int = int(1);

/** Widths of the fields of the cell table: what the cell update must know of each layer. */
export function cellTableFields<W extends IntLike>(w: {
  readonly one: W;
  readonly shiftX: W;
  readonly shiftH: W;
  readonly shiftBias: W;
  readonly round: W;
  readonly cellShift: W;
}) {
  return [
    { name: 'output_layer', width: w.one },
    { name: 'leaves', width: w.one },
    { name: 'x_first', width: w.one },
    { name: 'shift_x', width: w.shiftX },
    { name: 'shift_h', width: w.shiftH },
    { name: 'shift_bias', width: w.shiftBias },
    { name: 'round', width: w.round },
    { name: 'cell_shift', width: w.cellShift },
  ];
}

/** Bits of an h write address (words of `cellLanes`, both halves). */
export function hWriteBits(c: Configuration): number {
  const wide = Math.max(c.cellLanes, c.tileColumns);
  return bitsOf((2 * c.hRows * wide) / c.cellLanes);
}

export function cellTableWidths(c: Configuration) {
  return {
    one: 1,
    shiftX: bitsOf(c.shiftXMost + 1),
    shiftH: bitsOf(c.shiftHMost + 1),
    shiftBias: bitsOf(c.shiftBiasMost + 1),
    round: bitsOf(c.roundMost + 1),
    cellShift: bitsOf(c.cellPointMost - c.cellPointLeast + 1),
  };
}

/** Words of `cellLanes` values in one h buffer. */
export function hWriteWords(c: Configuration): number {
  return (c.hRows * Math.max(c.cellLanes, c.tileColumns)) / c.cellLanes;
}

/** Fields of the one word that says how long the frames of the model are. */
export function shapeFields<W extends IntLike>(w: {
  readonly inputBeats: W;
  readonly outputBeats: W;
  readonly streamLanes: W;
}) {
  return [
    { name: 'input_last', width: w.inputBeats },
    { name: 'output_last', width: w.outputBeats },
    { name: 'output_lanes', width: w.streamLanes },
  ];
}

export function shapeWidths(c: Configuration) {
  return {
    inputBeats: bitsOf(c.inputBeats),
    outputBeats: bitsOf(c.outputBeats),
    streamLanes: c.streamLanes,
  };
}
