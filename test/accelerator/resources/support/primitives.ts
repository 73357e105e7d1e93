/** Multipliers of all families, as they stand in a netlist. */
export const MULTIPLIERS = /^(MULT18X18D|SB_MAC16|DSP48E1)$/;

/** Block RAMs: the name that is predicted, and what stands in a netlist. */
export const BLOCKS: Readonly<Record<string, RegExp>> = {
  DP16KD: /^(DP16KD|PDPW16KD)$/,
  SB_RAM40_4K: /^(SB_RAM40_4K|\$__ICE40_RAM4K_)$/,
  RAMB18E1: /^RAMB18E1$/,
  RAMB36E1: /^RAMB36E1$/,
};

/** What a memory became, from the library memory it was mapped to; null: none. */
export function kindOf(via: string | null): 'block' | 'distributed' | 'logic' {
  if (via === null) return 'logic';
  return /LUTRAM|DPR16X4/.test(via) ? 'distributed' : 'block';
}
