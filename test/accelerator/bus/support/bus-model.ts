import type { BusFeatures } from '../../../../generator/accelerator/bus/register-map.js';
import type { InputVector, OutputVector } from '../../../support/verilated-block.js';

/** A write in hand. */
interface Write {
  readonly register: number;
  readonly word: number;
  /** The word where its bytes are written, 0 else. */
  readonly given: number;
  readonly strobes: number;
  /** What MODEL would hold. */
  readonly model: number;
  readonly okay: boolean;
  /** To the loader. */
  readonly offered: boolean;
  readonly done: boolean;
}

/** The registers as a programmer reads of them, cycle by cycle; written from their description, not from the hardware. */
export class BusModel {
  #address: number | null = null;
  #data: { readonly word: number; readonly strobes: number } | null = null;
  #answer: number | null = null;
  #asked: number | null = null;
  #read: { readonly word: number; readonly response: number } | null = null;
  #waits = { aw: 0, w: 0, ar: 0 };
  #enable = 0;
  #status = 0;
  #irq = 0;
  #model = 0;
  #frames = 0;
  #errors = 0;
  #reset = 0;
  /** Accesses that ended, by kind: whether a test looked at anything. */
  readonly seen = { okay: 0, refused: 0, reads: 0, waited: 0, irqs: 0 };

  constructor(
    private readonly features: BusFeatures,
    private readonly hash: readonly number[],
  ) {}

  /** What is wrong with the outputs of this cycle. Then on to the next one. */
  step(input: InputVector, out: OutputVector): number {
    const at = (name: string) => Number(input[name] ?? 0);
    const is = (name: string) => Number(out[name] ?? 0);
    const write = this.#writes(at);
    const wrong = [
      is('s_axil_bvalid') !== Number(this.#answer !== null),
      this.#answer !== null && is('s_axil_bresp') !== this.#answer,
      is('s_axil_rvalid') !== Number(this.#read !== null),
      this.#read !== null && is('s_axil_rresp') !== this.#read.response,
      this.#read !== null && is('s_axil_rdata') !== this.#read.word,
      is('irq') !== this.#irq,
      is('soft_reset') !== this.#reset,
      this.features.places > 1 && is('model') !== this.#model,
      this.features.loaded &&
        is('load_abort') !== Number(write?.register === 0x1c && (write.given & 2) !== 0),
      this.features.loaded && is('load_valid') !== Number(write?.offered === true),
      write?.offered === true && is('load_word') !== write.word,
      ...this.#ready(is),
    ].filter(Boolean).length;
    this.#next(at, is, write);
    return wrong;
  }

  /** What the write in hand does; null: there is none. */
  #writes(at: (name: string) => number): Write | null {
    if (this.#address === null || this.#data === null) return null;
    const register = this.#address & 0xfc;
    const { word, strobes } = this.#data;
    const bytes = [0, 1, 2, 3].map((n) => ((strobes >> n) & 1) * 0xff * 2 ** (8 * n));
    const mask = bytes.reduce((a, b) => a + b, 0);
    const given = ((word & mask) >>> 0) as number;
    const model = ((given | (this.#model & ~mask)) >>> 0) as number;
    const { loaded, places } = this.features;
    const foreign = at('loading') === 1 && at('load_bus') === 0;
    const okay =
      [0x1c, 0x34, 0x38].includes(register) ||
      (register === 0x20 && places > 1 && model < places) ||
      (register === 0x3c && loaded && strobes === 15 && !foreign);
    const offered = register === 0x3c && okay;
    return {
      register,
      word,
      given,
      strobes,
      model,
      okay,
      offered,
      done: !offered || at('load_taken') === 1,
    };
  }

  /** Ready for nothing while something of the kind is in hand or its answer is out, and after a cycle else. */
  #ready(is: (name: string) => number): boolean[] {
    const taken = {
      aw: this.#address !== null || this.#answer !== null,
      w: this.#data !== null || this.#answer !== null,
      ar: this.#asked !== null || this.#read !== null,
    };
    return (['aw', 'w', 'ar'] as const).flatMap((channel) => {
      const ready = is(`s_axil_${channel}ready`) === 1;
      this.#waits[channel] = taken[channel] || ready ? 0 : this.#waits[channel] + 1;
      return [taken[channel] && ready, this.#waits[channel] > 1];
    });
  }

  #next(at: (name: string) => number, is: (name: string) => number, write: Write | null): void {
    const both = (channel: string) =>
      at(`s_axil_${channel}valid`) === 1 && is(`s_axil_${channel}ready`) === 1;
    const shown = this.#asked === null ? null : this.#word(this.#asked & 0xfc, at);
    if (at('rst') === 1) {
      this.#address = this.#data = this.#answer = this.#asked = this.#read = null;
      this.#waits = { aw: 0, w: 0, ar: 0 };
      this.#enable = this.#status = this.#irq = this.#model = 0;
      this.#frames = this.#errors = this.#reset = 0;
      return;
    }
    if (at('s_axil_bready') === 1) this.#answer = null;
    if (at('s_axil_rready') === 1) this.#read = null;
    if (both('aw')) this.#address = at('s_axil_awaddr');
    if (both('w')) this.#data = { word: at('s_axil_wdata'), strobes: at('s_axil_wstrb') };
    if (shown !== null) {
      this.#asked = null;
      this.#read = shown;
      this.seen.reads++;
    }
    if (both('ar')) this.#asked = at('s_axil_araddr');
    this.#irq = Number((this.#status & this.#enable) !== 0);
    this.seen.irqs += this.#irq;
    const discarded = at('error_count') !== this.#errors;
    const cleared = write?.register === 0x38 ? write.given & 15 : 0;
    this.#status &= ~cleared;
    this.#status |=
      at('load_done') |
      (at('load_refused') << 1) |
      (at('frame_left') << 2) |
      (Number(discarded) << 3);
    this.#frames = this.#reset === 1 ? 0 : (this.#frames + at('frame_left')) >>> 0;
    this.#errors = this.#reset === 1 ? 0 : at('error_count');
    this.#reset = 0;
    if (write === null) return;
    if (write.register === 0x34 && (write.strobes & 1) === 1) this.#enable = write.given & 15;
    if (write.register === 0x20 && write.okay) this.#model = write.model;
    if (write.register === 0x1c) this.#reset = write.given & 1;
    if (!write.done) {
      this.seen.waited++;
      return;
    }
    this.#address = this.#data = null;
    this.#answer = write.okay ? 0 : 2;
    this.seen[write.okay ? 'okay' : 'refused']++;
  }

  /** What a read of a register answers in this cycle. */
  #word(register: number, at: (name: string) => number): { word: number; response: number } {
    const { loaded, places, protect } = this.features;
    const status =
      at('busy') |
      (at('error') << 1) |
      (loaded
        ? (at('load_error') << 2) |
          (at('loading') << 3) |
          ((at('loading') & at('load_bus')) << 4) |
          (at('load_waits') << 5) |
          (at('load_skips') << 6) |
          (at('loaded') << 16)
        : 1 << 16) |
      (protect ? at('memory_error') << 8 : 0);
    const cause = (loaded ? at('load_cause') : 0) | (at('error') << 8);
    const words: Readonly<Record<number, number>> = {
      ...{ 0: 0x53474348, 4: 1 },
      ...Object.fromEntries(this.hash.map((word, n) => [0x08 + 4 * n, word])),
      ...{ 24: status, 28: 0, ...(places > 1 && { 32: this.#model }) },
      ...{ 36: at('cycles'), 40: this.#frames, 44: cause, 48: at('error_count') },
      ...{ 52: this.#enable, 56: this.#status, ...(loaded && { 60: 0 }) },
      ...(protect && { 72: at('memory_error_count') }),
    };
    const word = words[register];
    return word === undefined ? { word: 0, response: 2 } : { word: word >>> 0, response: 0 };
  }
}
