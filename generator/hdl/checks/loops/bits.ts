import type { Elaborated, Signal } from '../walk/elaborate.js';
import type { Elaborations } from '../walk/points.js';
import { valueBits } from './value-bits.js';

/** One bit of one signal: the same object for the same bit. */
export interface Bit {
  readonly signal: Signal;
  readonly index: number;
}

/** A bit that another depends on, and what leads from it to the other. */
export interface Step {
  readonly from: Bit;
  readonly site: string;
  /** The instance on the way, with its ports; null for a value. */
  readonly through: string | null;
}

/** Which bits a bit depends on without a register between, exactly. */
export class BitPaths {
  private readonly bits = new WeakMap<Signal, Bit[]>();
  private readonly steps = new WeakMap<Bit, readonly Step[]>();
  private readonly inputs = new WeakMap<Bit, readonly Bit[]>();

  constructor(private readonly elaborations: Elaborations) {}

  bit(signal: Signal, index: number): Bit {
    const known = this.bits.get(signal) ?? [];
    this.bits.set(signal, known);
    const there = known[index] ?? { signal, index };
    known[index] = there;
    return there;
  }

  stepsTo(bit: Bit): readonly Step[] {
    const known = this.steps.get(bit);
    if (known !== undefined) return known;
    const found: Step[] = [];
    for (const { clocked, low, high, source, site } of bit.signal.drives) {
      if (clocked || bit.index < low || bit.index >= high) continue;
      const index = bit.index - low;
      if (source.kind === 'value') {
        valueBits(source.value, index, source.place, (signal, n) => {
          found.push({ from: this.bit(signal, n), site, through: null });
        });
        continue;
      }
      const { item, values, place } = source.instance;
      const below = this.elaborations.at(item.module, values);
      for (const input of this.inputsOf(below, source.port, index)) {
        const { name } = input.signal.declared;
        const value = item.ports[name];
        if (value === undefined) continue;
        const through = `${place.prefix}${item.name} (${name} to ${source.port})`;
        valueBits(value, input.index, place, (signal, n) => {
          found.push({ from: this.bit(signal, n), site, through });
        });
      }
    }
    this.steps.set(bit, found);
    return found;
  }

  /** Bits of inputs of a module that a bit of an output depends on. */
  private inputsOf({ ports }: Elaborated, port: string, index: number): readonly Bit[] {
    const output = this.bit(ports.get(port) as Signal, index);
    const known = this.inputs.get(output);
    if (known !== undefined) return known;
    const seen = new Set([output]);
    for (const bit of seen) for (const { from } of this.stepsTo(bit)) seen.add(from);
    const inputs = [...seen].filter(({ signal }) => signal.declared.storage === 'input');
    this.inputs.set(output, inputs);
    return inputs;
  }
}
