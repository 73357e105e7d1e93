import type { Family } from './devices.js';

/** How a memory is used: decides what has to be built around a memory of the device to make it behave as described. */
export type Access =
  /** Never written. */
  | 'read only'
  /** Never written, and read without a clock: no memory of a device does that. */
  | 'read only, unclocked'
  /** Read at a clock edge; a word that is being written is read as it was before. */
  | 'read old'
  /** The same, and both ports always have the same address. */
  | 'read old, one address'
  /** Read at an address that is a register, which makes a clocked port that reads the new word. */
  | 'read new'
  /** Read without a clock. */
  | 'unclocked';

/** A way to use one kind of memory of a device. */
export interface RamKind {
  readonly kind: 'block' | 'distributed';
  /** Primitive, and how many make one memory of this kind; for look-up tables of the 7 series only their kind. */
  readonly cell: string;
  readonly cells: number;
  /** Address bits at a width of one. */
  readonly addressBits: number;
  /** Widths of a port, each twice the one before but for parity bits. */
  readonly widths: readonly number[];
  /** Widths of which a write port can be, where they are fewer: first and last place in `widths`. */
  readonly writeWidths?: readonly [number, number];
  /** Bits under one write enable; 0: all of a word. */
  readonly byte: number;
  readonly cost: number;
  /** Share of the cost that scales with the bits in use. */
  readonly scaled: number;
  /** Points for the logic that has to be put around it, per access; absent: it cannot serve that access. */
  readonly emulation: Partial<Readonly<Record<Access, number>>>;
}

/** Cost of a bit in logic. */
export interface LogicCost {
  readonly readOnly: number;
  readonly written: number;
}

/** Points of `memory_libmap`: 1 for a port of its own, 3 each for reading first, forwarding and a held output. */
const OLD_BY_LOGIC = 7;
const NEW_BY_LOGIC = 4;
const ONE_PORT = 3;

/** Without a write port that leaves the old word on a read port: reading the old word takes logic. */
const clockedOnly = {
  'read only': 1,
  'read old': OLD_BY_LOGIC,
  'read old, one address': OLD_BY_LOGIC,
  'read new': NEW_BY_LOGIC,
};

const ecp5: readonly RamKind[] = [
  {
    kind: 'distributed',
    cell: 'TRELLIS_DPR16X4',
    cells: 1,
    addressBits: 4,
    widths: [4],
    byte: 0,
    cost: 4,
    scaled: 0,
    emulation: {
      'read old': 1,
      'read old, one address': 1,
      'read new': NEW_BY_LOGIC,
      unclocked: 1,
    },
  },
  {
    kind: 'block',
    cell: 'DP16KD',
    cells: 1,
    addressBits: 14,
    widths: [1, 2, 4, 9, 18],
    byte: 9,
    cost: 128,
    scaled: 0,
    emulation: { ...clockedOnly, 'read old, one address': ONE_PORT },
  },
  {
    kind: 'block',
    cell: 'DP16KD',
    cells: 1,
    addressBits: 14,
    widths: [1, 2, 4, 9, 18, 36],
    writeWidths: [5, 5],
    byte: 9,
    cost: 128,
    scaled: 0,
    emulation: clockedOnly,
  },
];

const ice40: readonly RamKind[] = [0, 1].map((byte) => ({
  kind: 'block',
  cell: 'SB_RAM40_4K',
  cells: 1,
  addressBits: 11,
  widths: [2, 4, 8, 16],
  writeWidths: byte === 0 ? [0, 2] : [3, 3],
  byte,
  cost: 64,
  scaled: 0,
  emulation: clockedOnly,
}));

const oldForFree = { 'read only': 1, 'read old': 1, 'read old, one address': 1, 'read new': 4 };

const sevenSeriesBlocks: readonly RamKind[] = [
  ['RAMB18E1', 1, 14, [1, 2, 4, 9, 18], 129],
  ['RAMB36E1', 1, 15, [1, 2, 4, 9, 18, 36], 257],
  ['RAMB36E1', 2, 16, [1, 2, 4, 9], 513],
  ['RAMB18E1', 1, 14, [1, 2, 4, 9, 18, 36], 129],
  ['RAMB36E1', 1, 15, [1, 2, 4, 9, 18, 36, 72], 257],
].map(([cell, cells, addressBits, widths, cost]) => ({
  kind: 'block',
  cell: cell as string,
  cells: cells as number,
  addressBits: addressBits as number,
  widths: widths as number[],
  byte: 9,
  cost: cost as number,
  scaled: 0,
  emulation: oldForFree,
}));

/** Distributed memories of the 7 series: of each, deeper ones are narrower. */
const sevenSeriesLuts: readonly RamKind[] = (
  [
    [8, 8, 5, [8, 4, 2, 1], { 'read old, one address': 0 }],
    [
      8,
      8,
      5,
      [4, 2, 1],
      { 'read old': 1, 'read old, one address': 0, 'read new': 4, unclocked: 1 },
    ],
    [7, 7, 5, [2, 1], { 'read old': 1, 'read old, one address': 0, 'read new': 4, unclocked: 1 }],
    [8, 7, 5, [6, 3], { 'read old': 1, 'read old, one address': 1, 'read new': 4, unclocked: 1 }],
  ] as const
).flatMap(([cost, scaled, addressBits, widths, emulation]) =>
  widths.map((width, more) => ({
    kind: 'distributed' as const,
    cell: 'LUT RAM',
    cells: 1,
    addressBits: addressBits + more,
    widths: [width],
    byte: 0,
    cost,
    scaled,
    emulation,
  })),
);

/**
 * Memories of each family in the order and at the cost at which Yosys weighs them, from its files
 * techlibs/{ecp5,ice40,xilinx}/{brams,lutrams}*.txt.
 */
export const RAM_KINDS: Readonly<Record<Family, readonly RamKind[]>> = {
  ecp5,
  ice40,
  xilinx: [...sevenSeriesLuts, ...sevenSeriesBlocks],
};

/** What a bit of a memory costs when it becomes logic: options of `memory_libmap`. */
export const LOGIC_COST: Readonly<Record<Family, LogicCost>> = {
  ecp5: { readOnly: 1 / 16, written: 1 },
  ice40: { readOnly: 1 / 16, written: 1 },
  xilinx: { readOnly: 1 / 64, written: 1 },
};
