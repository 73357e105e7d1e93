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
  /** The same, and a word is never read at the edge at which one is written. */
  | 'read or written'
  /** Read at an address that is a register, which makes a clocked port that reads the new word. */
  | 'read new'
  /** Read without a clock. */
  | 'unclocked';

/** A way to use one kind of memory of a device. */
export interface RamKind {
  readonly kind: 'block' | 'distributed';
  /** Primitive, and how many make one memory of this kind; for memories of look-up tables it can be their kind alone. */
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

/** A block RAM primitive. */
export interface BlockRam {
  /** Parity bits included: the data sheets named with the devices. */
  readonly bits: number;
  /** What it counts of the block RAMs that devices have: 1, or ½ where one of them is two. */
  readonly blockRams: 1 | 0.5;
}

/** What Yosys makes of the memories of a design. */
export interface MemoryRules {
  /**
   * Memories in the order and at the cost at which Yosys weighs them, from its files
   * techlibs/FAMILY/{brams,lutrams}*.txt.
   */
  readonly kinds: readonly RamKind[];
  /** What a bit of a memory costs when it becomes logic: options of `memory_libmap`. */
  readonly logicCost: { readonly readOnly: number; readonly written: number };
  /** The block RAM that devices are counted in. */
  readonly blockRam: string;
  readonly blockRams: Readonly<Record<string, BlockRam>>;
  /** A large memory with one port that no tool can fill; absent: devices have none. */
  readonly singlePort?: { readonly cell: string; readonly width: number; readonly words: number };
  /** A block RAM leaves the old word on its read port; elsewhere that takes logic around it. */
  readonly readsOldWord: boolean;
}

/** Points of `memory_libmap`: 1 for a port of its own, 3 each for reading first, forwarding and a held output. */
export const OLD_BY_LOGIC = 7;
export const NEW_BY_LOGIC = 4;
export const ONE_PORT = 3;

/** Without a write port that leaves the old word on a read port: reading the old word takes logic. */
export const CLOCKED_ONLY = {
  'read only': 1,
  'read old': OLD_BY_LOGIC,
  'read old, one address': OLD_BY_LOGIC,
  'read or written': 1,
  'read new': NEW_BY_LOGIC,
} as const satisfies RamKind['emulation'];
