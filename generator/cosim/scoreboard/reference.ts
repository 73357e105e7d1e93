import type { Role } from '../../network/cells/shown.js';
import type { FrameSequence } from '../design.js';

/** Everything the hardware shows of one frame, as the golden model computes it. */
export interface ReferenceFrame {
  /** Of each recurrent layer, [channel][row]; null where its cell has nothing of the kind. */
  readonly layers: readonly Readonly<Record<Role, Float64Array | Int32Array | null>>[];
  readonly outputs: Float64Array;
}

/** A bit-exact model of the network, stepped frame by frame. */
export interface Reference {
  /** The next frame is the first of an utterance. */
  reset(): void;
  /** One frame of input codes; the arrays returned are the caller's to keep. */
  step(x: Int32Array): ReferenceFrame;
  /** All frames of an utterance, of a network that also runs backward. */
  utterance?(frames: readonly Int32Array[]): readonly ReferenceFrame[];
}

/**
 * The reference values of the frames that are on their way through the hardware: computed when first asked for, dropped
 * when released, so that memory does not grow with the number of frames.
 */
export class ReferenceWindow {
  readonly #frames = new Map<number, ReferenceFrame>();
  readonly #starts: ReadonlySet<number>;
  #next = 0;

  /** `whole`: utterances are computed as a whole. */
  constructor(
    private readonly reference: Reference,
    private readonly sequence: FrameSequence,
    private readonly whole = false,
  ) {
    this.#starts = new Set(sequence.utteranceStarts);
  }

  /** Values of frame `index`, which was not released. */
  at(index: number): ReferenceFrame {
    while (this.#next <= index) this.#advance();
    const frame = this.#frames.get(index);
    if (frame === undefined) throw new Error(`reference of frame ${index} was released`);
    return frame;
  }

  release(index: number): void {
    this.#frames.delete(index);
  }

  #advance(): void {
    if (this.whole) {
      this.#advanceUtterance();
      return;
    }
    const index = this.#next++;
    if (this.#starts.has(index)) this.reference.reset();
    this.#frames.set(index, this.reference.step(this.#input(index)));
  }

  #advanceUtterance(): void {
    const first = this.#next++;
    while (this.#next < this.sequence.frames && !this.#starts.has(this.#next)) this.#next++;
    const inputs = Array.from({ length: this.#next - first }, (_, n) => this.#input(first + n));
    for (const [n, frame] of utteranceOf(this.reference, inputs).entries()) {
      this.#frames.set(first + n, frame);
    }
  }

  #input(index: number): Int32Array {
    const { inputs, codes } = this.sequence;
    return codes.subarray(index * inputs, (index + 1) * inputs);
  }
}

/** Everything that a network computes of an utterance, frame by frame. */
export function utteranceOf(
  reference: Reference,
  frames: readonly Int32Array[],
): readonly ReferenceFrame[] {
  reference.reset();
  return reference.utterance?.(frames) ?? frames.map((x) => reference.step(x));
}
