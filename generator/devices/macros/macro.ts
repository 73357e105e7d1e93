/** A pin of one bit that makes something happen: where it is active when low, with that word. */
export type ControlPin = string | { readonly pin: string; readonly active: 'high' | 'low' };

/** Which bits of a word are written: one pin for `bits` of them, the lowest first. */
export interface MaskPin {
  readonly pin: string;
  /** Bits that one bit of the mask stands for: 1, or 8 of a macro that writes bytes. */
  readonly bits: number;
  readonly active?: 'high' | 'low' | undefined;
}

/** One port of a macro. It reads where it has data out, and writes where it has data in. */
export interface MacroAccess {
  readonly clock: string;
  readonly address: string;
  /** Nothing happens without it; absent: the pins for reading and writing do alone. */
  readonly enable?: ControlPin | undefined;
  readonly writeEnable?: ControlPin | undefined;
  /** Absent: an enabled port reads where it does not write. */
  readonly readEnable?: ControlPin | undefined;
  readonly dataIn?: string | undefined;
  readonly dataOut?: string | undefined;
  /** Absent: a write takes the whole word. */
  readonly mask?: MaskPin | undefined;
}

/** The level of an input that the design has no use for, on each of its bits; a bare level is that of a pin of one bit. */
export type Tie = 0 | 1 | { readonly bits: number; readonly value: 0 | 1 };

/** A memory of a chip that a kit or a memory compiler has. */
export interface Macro {
  /** Name of its cell. */
  readonly name: string;
  readonly words: number;
  /** Bits of a word. */
  readonly bits: number;
  /** Clock edges from the one that takes the address to the data: 1. */
  readonly latency: number;
  /** µm². */
  readonly area?: number | undefined;
  /** One port, or two that work at once. */
  readonly ports: readonly MacroAccess[];
  readonly ties?: Readonly<Record<string, Tie>> | undefined;
}

/** The macros that the memories of a design may be made of. */
export interface MacroList {
  /**
   * µm² that a bit takes as registers, with its share of the logic that writes and reads it: a memory whose macros would take more
   * than that stays registers. Absent: none does for its area.
   */
  readonly registerBitArea?: number | undefined;
  readonly macros: readonly Macro[];
}

export function pinName(pin: ControlPin): string {
  return typeof pin === 'string' ? pin : pin.pin;
}

/** Whether a pin acts when it is low. */
export function actsLow(pin: ControlPin | MaskPin): boolean {
  return typeof pin !== 'string' && pin.active === 'low';
}

/** Bits of an input that is tied. */
export function tieBits(tie: Tie): number {
  return typeof tie === 'number' ? 1 : tie.bits;
}

export function canWrite({ dataIn }: MacroAccess): boolean {
  return dataIn !== undefined;
}

export function canRead({ dataOut }: MacroAccess): boolean {
  return dataOut !== undefined;
}

/** What a pin of a macro is for. */
export type PinUse =
  | 'clock'
  | 'address'
  | 'enable'
  | 'writeEnable'
  | 'readEnable'
  | 'dataIn'
  | 'dataOut'
  | 'mask'
  | 'tie';

/** A pin of a macro with its place in the list. */
export interface MacroPin {
  readonly name: string;
  readonly bits: number;
  readonly use: PinUse;
  /** Number of its port; null: it is tied. */
  readonly port: number | null;
}

/** Every pin of a macro, port by port, the tied ones behind. */
export function pinsOf(macro: Macro): readonly MacroPin[] {
  const own = macro.ports.flatMap((access, port): MacroPin[] => {
    const pin = (use: PinUse, name: string | undefined, bits: number): MacroPin[] =>
      name === undefined ? [] : [{ name, bits, use, port }];
    const control = (use: 'enable' | 'writeEnable' | 'readEnable'): MacroPin[] => {
      const given = access[use];
      return pin(use, given === undefined ? undefined : pinName(given), 1);
    };
    return [
      ...pin('clock', access.clock, 1),
      ...control('enable'),
      ...control('writeEnable'),
      ...control('readEnable'),
      ...pin('address', access.address, addressBits(macro)),
      ...pin('dataIn', access.dataIn, macro.bits),
      ...pin('mask', access.mask?.pin, macro.bits / (access.mask?.bits ?? 1)),
      ...pin('dataOut', access.dataOut, macro.bits),
    ];
  });
  const tied = Object.entries(macro.ties ?? {}).map(
    ([name, tie]): MacroPin => ({ name, bits: tieBits(tie), use: 'tie', port: null }),
  );
  return [...own, ...tied];
}

/** Bits of the address of a macro. */
export function addressBits({ words }: Pick<Macro, 'words'>): number {
  return Math.max(1, Math.ceil(Math.log2(words)));
}
