import { type Int, type IntLike, indexBits, int, integer } from '../../hdl/index.js';
import { recordBits } from '../build/record.js';
import { hasAllowances, hasHeld } from '../cell/kinds.js';
import { MATCHES, type Matched, matched } from '../images/matches.js';
import { hReadBits, xReadBits } from '../memory/read-words.js';
import { bitsOf, type Configuration, gatesInTurn, wordColumns } from '../plan/configuration.js';
import { hasPlaces } from '../plan/frames-in-memory.js';
import { IN_FLIGHT_BITS, VISIT_BITS } from './in-flight.js';

/** Sides of a layer: x reads the layer below (or the input), h reads the layer itself one frame ago. */
export const SIDES = ['x', 'h'] as const;
export type Side = (typeof SIDES)[number];

/** One field of a table word: its width as a number for the images, as an expression for the Verilog. */
export interface Field<W extends IntLike> {
  readonly name: string;
  readonly width: W;
}

/** What a decoder has in the word of a pass, for each side. */
export interface SideTable {
  /** Its fields, their widths as numbers, and over its parameters. */
  readonly numbers: (c: Configuration, side: Side) => readonly Field<number>[];
  readonly ints: (
    c: Configuration,
    p: Readonly<Record<string, Int>>,
    side: Side,
  ) => readonly Field<Int>[];
  /** The parameters that fix their places. */
  readonly parameters: (c: Configuration) => Readonly<Record<string, Matched>>;
  /** Bits of the widest address that it makes on the way to the activation memories. */
  readonly addressBits: (c: Configuration) => number;
}

/** Widths of the fields that every layer table has; numbers for the images, expressions for the Verilog. */
export interface LayerTableWidths<W extends IntLike> {
  readonly groups: W;
  readonly ahead: W;
  /** Word of the weights of a tile. */
  readonly weights: W;
  /** In a design with layers whose rows take turns. */
  readonly flat?: W | undefined;
  /** In a design with passes whose second operand is of this frame. */
  readonly now?: W | undefined;
  /** In a design with several passes that read the input. */
  readonly again?: W | undefined;
  /** In a design that takes gates in turn: of their count. */
  readonly gates?: W | undefined;
  /** In a design with layers of one operand: of the sets that may be under way when a pass goes on. */
  readonly allow?: W | undefined;
  /** In a design that runs whole utterances: of the visits that may be under way. */
  readonly visits?: W | undefined;
  readonly address: W;
  /** Columns of a tile. */
  readonly columns: W;
}

/** Fields of one word of the layer table, low bits first; `sides`: those of the decoder. Counts are stored minus one. */
function layerTableFields<W extends IntLike>(
  w: LayerTableWidths<W>,
  one: W,
  sides: (side: Side) => readonly Field<W>[],
): readonly Field<W>[] {
  const side = (s: Side) => [
    { name: `${s}_source`, width: w.address },
    { name: `${s}_last`, width: w.address },
    { name: `${s}_tail`, width: w.columns },
    ...sides(s),
  ];
  return [...layerHeadFields(w, one), ...side('x'), ...side('h')];
}

/** The fields at the low end of a layer table word: all that the sequencer reads. */
export function layerHeadFields<W extends IntLike>(
  w: Pick<
    LayerTableWidths<W>,
    'groups' | 'ahead' | 'weights' | 'flat' | 'now' | 'again' | 'gates' | 'allow' | 'visits'
  >,
  one: W,
) {
  return [
    { name: 'last', width: one },
    { name: 'waits', width: one },
    { name: 'single', width: one },
    { name: 'x_first', width: one },
    { name: 'from_input', width: one },
    ...(w.flat === undefined ? [] : [{ name: 'flat', width: w.flat }]),
    ...(w.now === undefined ? [] : [{ name: 'h_now', width: w.now }]),
    ...(w.again === undefined ? [] : [{ name: 'input_again', width: w.again }]),
    ...(w.gates === undefined ? [] : [{ name: 'gates', width: w.gates }]),
    ...(w.allow === undefined ? [] : [{ name: 'allow', width: w.allow }]),
    ...(w.visits === undefined
      ? []
      : [
          ...['segment_first', 'segment_last', 'after', 'backward', 'turned', 'x_own'].map(
            (name) => ({
              name,
              width: one,
            }),
          ),
          { name: 'behind', width: w.visits },
        ]),
    { name: 'groups', width: w.groups },
    { name: 'ahead', width: w.ahead },
    { name: 'weight_base', width: w.weights },
  ];
}

/** Bits of the number of a gate, where they are taken in turn. */
export function gateBits(c: Configuration): number {
  return bitsOf(gatesInTurn(c));
}

/** Bits of an activation word address: wide enough for both memories and every product on the way. */
export function addressBits(c: Configuration, table: SideTable): number {
  return Math.max(xReadBits(c), hReadBits(c), table.addressBits(c));
}

/** Widths of the fields that only some designs have; `of`: a number of bits as it is wanted. */
export function optionalWidths<W extends IntLike>(
  c: Configuration,
  of: (bits: number) => W,
): Pick<LayerTableWidths<W>, 'flat' | 'now' | 'again' | 'gates' | 'allow' | 'visits'> {
  const whole = c.order === 'sequence';
  return {
    ...(c.turns && { flat: of(1) }),
    ...(hasHeld(c) && { now: of(1) }),
    ...(c.inputAgain && { again: of(1) }),
    ...(gatesInTurn(c) > 1 && { gates: of(gateBits(c)) }),
    ...(hasAllowances(c) && !hasPlaces(c) && { allow: of(IN_FLIGHT_BITS) }),
    ...(whole && { visits: of(VISIT_BITS) }),
  };
}

function layerTableWidths(c: Configuration, table: SideTable): LayerTableWidths<number> {
  return {
    groups: bitsOf(c.groups),
    ahead: bitsOf(c.sumSlots),
    weights: bitsOf(c.weightDepth),
    ...optionalWidths(c, (bits) => bits),
    address: addressBits(c, table),
    columns: wordColumns(c),
  };
}

/** The fields of a configuration, with their widths as numbers. */
export function layerTable(c: Configuration, table: SideTable): readonly Field<number>[] {
  return layerTableFields(layerTableWidths(c, table), 1, (side) => table.numbers(c, side));
}

/** Parameters of a module that reads the layer table: what fixes the places of its fields. */
export function layerTableParameters(
  c: Configuration,
  table: SideTable,
): Readonly<Record<string, Matched>> {
  const w = layerTableWidths(c, table);
  return {
    ...layerHeadParameters(c, table),
    ADDRESS_BITS: matched(integer(w.address, 'Bits of an activation address'), MATCHES.layerFields),
    TILE_COLS: matched(
      integer(w.columns, 'Columns of a tile: activations of a word'),
      MATCHES.tiles,
    ),
    ...table.parameters(c),
  };
}

/** Parameters of a module that reads the low end of a layer table word. */
export function layerHeadParameters(c: Configuration, table: SideTable) {
  const w = layerTableWidths(c, table);
  return {
    LAYER_BITS: matched(
      integer(
        recordBits(layerTable(c, table)),
        'Bits of a layer table word: the sum of its fields',
      ),
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
    WEIGHT_ADDRESS_BITS: matched(
      integer(w.weights, 'Bits of the address of a weight word'),
      MATCHES.layerFields,
    ),
  };
}

/** The fields over those parameters. */
export function layerTableInts(
  c: Configuration,
  p: Readonly<Record<string, Int>>,
  table: SideTable,
): readonly Field<Int>[] {
  const of = (name: string): Int => p[name] as Int;
  const widths = {
    groups: of('GROUP_BITS'),
    ahead: indexBits(of('SUM_SLOTS')),
    weights: of('WEIGHT_ADDRESS_BITS'),
    ...optionalWidths(c, int),
    address: of('ADDRESS_BITS'),
    columns: of('TILE_COLS'),
  };
  return layerTableFields(widths, int(1), (side) => table.ints(c, p, side));
}
