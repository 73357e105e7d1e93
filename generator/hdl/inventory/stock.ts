/** How a memory is read or written: what decides which memory of a device it becomes. */
export interface MemoryPort {
  /**
   * `clocked`: the word goes into a register of its own. `addressed`: it is read without a clock at an address that
   * is a register. `unclocked`: any other read without a clock. Writes are clocked.
   */
  readonly kind: 'clocked' | 'addressed' | 'unclocked';
  /** Ports of one memory whose texts are equal share their address. */
  readonly address: string;
  /** Branches that lead to it, of the conditions around: two ports that part at one of them never work at the same edge. */
  readonly branch?: string;
}

/** A memory of a design, in one instance. */
export interface MemoryStock {
  /** Instances and generate blocks from the top down, as in a flattened netlist: `u_core.g_lane[0].words`. */
  readonly path: string;
  /** Module that declares it. */
  readonly module: string;
  /** Bits of a word. */
  readonly width: number;
  /** Words. */
  readonly depth: number;
  /** File of its image; null: all words are zero at the start, or not known. */
  readonly image: string | null;
  /** Nothing is known of its words at the start. */
  readonly unset?: true;
  readonly reads: readonly MemoryPort[];
  readonly writes: readonly MemoryPort[];
}

/** A multiplication of two values that are no constants. */
export interface ProductStock {
  /** Of the signal that takes the product, as for a memory. */
  readonly path: string;
  /** Bits of the factors, without bits that only repeat the sign or are always zero, and of the product. */
  readonly a: number;
  readonly b: number;
  readonly width: number;
  readonly signed: boolean;
}

/** Bits of everything else, summed over all instances. */
export interface LogicStock {
  /** Of registers, those that keep the word read from a memory apart. */
  readonly registers: number;
  readonly readRegisters: number;
  /** Results of sums, differences and comparisons of order. */
  readonly adders: number;
  /** Choices between two values, by a condition or by nested assignments. */
  readonly multiplexers: number;
  /** Operands of bitwise operators, equality and reductions. */
  readonly gates: number;
}

/** Everything of a design that takes place on a device. */
export interface Stock {
  readonly memories: readonly MemoryStock[];
  readonly products: readonly ProductStock[];
  readonly logic: LogicStock;
}
