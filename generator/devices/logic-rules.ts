/** Multiplication whose factors have `a` and `b` bits and whose product has `width`. */
export interface Product {
  readonly a: number;
  readonly b: number;
  readonly width: number;
  readonly signed: boolean;
}

/** Options of Yosys' mul2dsp.v for a multiplier, from the calls of `techmap` in techlibs/FAMILY/synth_*.cc. */
export interface MultiplierRules {
  /** Widest factors, bits. */
  readonly a: number;
  readonly b: number;
  /** Bits of the first factor in each part of a product that is cut into several. */
  readonly part: number;
  /** Narrower factors and products become logic. */
  readonly leastFactor: number;
  readonly leastProduct: number;
  /** Unsigned factors take one bit more, and parts lose one. */
  readonly signedOnly: boolean;
}

/**
 * Look-up tables per bit of what a design describes, and what is left of its registers. Shifts by a signal are left
 * out: most of their amounts are the same for all layers, and so constant in the tables they come from.
 *
 * Least squares over designs of 4 to 128 MACs: dense, of one to three levels, with a mask for each gate, with and
 * without an output layer, of words of 4/8/12/10 to 8/16/24/20 bits (weights, activations, c, biases), each
 * synthesised with Yosys 0.23. Registers and errors by the designs of `scripts/bench --ranges`, of all cells, patterns, word
 * lengths and options. LUTs are counted as `hcgs synth` does. Products in logic were measured by themselves.
 */
export interface LogicModel {
  readonly adder: number;
  readonly multiplexer: number;
  readonly gate: number;
  /** Of the registers described: the others are constant, shared, or inside of a multiplier. */
  readonly register: number;
  /** A bit of a ROM, and of a RAM, that became logic. */
  readonly romBit: number;
  readonly ramBit: number;
  /** Look-up tables that a distributed memory takes. */
  readonly distributed: number;
  /** Bits of a factor times bits of the other one, of a product that became logic. */
  readonly product: number;
  /** Part of an estimate by which designs differ from it at most: more than any was seen to. */
  readonly lutError: number;
  readonly registerError: number;
}
