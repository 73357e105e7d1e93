/** What a port of all macros of a kind does in a frame, and what that takes. */
export interface PortUse {
  readonly macro: string;
  readonly port: number;
  readonly reads: number;
  readonly writes: number;
  /** Clock cycles with neither. */
  readonly idle: number;
  /** pJ of one, both edges of the clock. */
  readonly readPJ: number;
  readonly writePJ: number;
  readonly idlePJ: number;
}

/** nJ of a block in a frame. */
export interface BlockEnergy {
  readonly block: string;
  /** Macros, without leakage. */
  readonly macros: number;
  /** Standard cells, without leakage. */
  readonly cells: number;
  /** Macros and standard cells. */
  readonly leakage: number;
}

/** Energy of a frame in the steady state. */
export interface FrameEnergy {
  /** MHz that leakage was taken at: the clock asked for, else the highest. */
  readonly clockMHz: number;
  readonly cyclesPerFrame: number;
  /** nJ. */
  readonly total: number;
  /** Changes of a net of the standard cells in a clock cycle: assumed. */
  readonly cellActivity: number;
  readonly blocks: readonly BlockEnergy[];
  readonly ports: readonly PortUse[];
  /** Kinds of macros that are in none of these figures. */
  readonly uncounted: readonly string[];
}
