/** How often codes of a word occur, in bins of neighbouring codes. */
export interface Histogram {
  /** As the network calls it: `W_h of layer 0`, `c of layer 1`. */
  readonly name: string;
  /** Fraction bits: value = code * 2^-fraction. */
  readonly fraction: number;
  /** Least and largest code of the format, both inclusive. */
  readonly low: number;
  readonly high: number;
  /** First code of the first bin, and codes of a bin. */
  readonly first: number;
  readonly step: number;
  readonly counts: readonly number[];
  readonly values: number;
  /** Least and largest code that occurs; null where there are no values. */
  readonly least: number | null;
  readonly largest: number | null;
  /** Values at either end of the format: they may have been clamped. */
  readonly atEnds: number;
}

export interface Format {
  readonly name: string;
  readonly fraction: number;
  readonly low: number;
  readonly high: number;
}

const BINS = 64;

/** Counts codes of one format; bins are powers of two wide, so that 0 begins one. */
export class Counter {
  readonly #step: number;
  readonly #first: number;
  readonly #counts: number[];
  #values = 0;
  #least = Number.POSITIVE_INFINITY;
  #largest = Number.NEGATIVE_INFINITY;
  #atEnds = 0;

  constructor(private readonly format: Format) {
    const { low, high } = format;
    let step = 1;
    while ((high - low + 1) / step > BINS) step *= 2;
    this.#step = step;
    this.#first = Math.floor(low / step) * step;
    this.#counts = new Array<number>(Math.floor((high - this.#first) / step) + 1).fill(0);
  }

  add(codes: ArrayLike<number>): void {
    for (let i = 0; i < codes.length; i++) this.addOne(codes[i] as number);
  }

  /** @throws RangeError for a code that the format does not have */
  addOne(code: number): void {
    const { low, high, name } = this.format;
    if (code < low || code > high) {
      throw new RangeError(`${name}: expected a code from ${low} to ${high}, got ${code}`);
    }
    const bin = Math.floor((code - this.#first) / this.#step);
    this.#counts[bin] = (this.#counts[bin] as number) + 1;
    this.#values++;
    if (code < this.#least) this.#least = code;
    if (code > this.#largest) this.#largest = code;
    if (code === low || code === high) this.#atEnds++;
  }

  histogram(): Histogram {
    const empty = this.#values === 0;
    return {
      ...this.format,
      ...{ first: this.#first, step: this.#step, counts: this.#counts, values: this.#values },
      least: empty ? null : this.#least,
      largest: empty ? null : this.#largest,
      atEnds: this.#atEnds,
    };
  }
}
