import type { Role } from '../../network/cells/shown.js';
import { earlier, type Mismatch } from './mismatch.js';

type Values = Float64Array | Int32Array;

/** Comparison of one tensor of one layer, over all frames. */
export class TensorComparison {
  /** Values that the hardware gave and that were due. */
  compared = 0;
  /** Values that differ, never came, or were not due. */
  mismatches = 0;
  first: Mismatch | null = null;
  /** Frames of this tensor that came, complete or not. */
  received = 0;

  constructor(
    readonly layer: number | null,
    readonly tensor: string,
    /** Values per frame. */
    readonly perFrame: number,
    /** Names of the values of one row; null: there is one. */
    readonly channels: readonly string[] | null = null,
    /** What it is of a pass; null of the outputs. */
    readonly role: Role | null = null,
    /** Of each row its row in the model; absent: the same. */
    readonly order?: readonly number[] | undefined,
  ) {}

  /** Compares a frame. `cycle`: of each row, -1 for a row that never came; `actual` may hold anything there. */
  compare(frame: number, expected: Values, actual: Values, cycle: Float64Array): void {
    this.received++;
    const rows = cycle.length;
    const end = cycle.reduce((a, b) => Math.max(a, b), 0);
    for (let i = 0; i < expected.length; i++) {
      const at = cycle[i % rows] as number;
      if (at >= 0) this.compared++;
      if (at < 0) this.differ(frame, i, rows, expected[i] as number, null, end);
      else if (expected[i] !== actual[i]) {
        this.differ(frame, i, rows, expected[i] as number, actual[i] as number, at);
      }
    }
  }

  /** A frame in which every value is the expected one. */
  agree(): void {
    this.received++;
    this.compared += this.perFrame;
  }

  /** So many frames, `frame` and later ones, never came; `expected`: first value of the next one. */
  missing(frames: number, expected: number, cycle: number, frame = this.received): void {
    this.differ(frame, 0, this.perFrame, expected, null, cycle);
    this.mismatches += frames * this.perFrame - 1;
  }

  /** One value that is not what it should be; `index` is in [channel][row] with `rows` rows. */
  differ(
    frame: number,
    index: number,
    rows: number,
    expected: number | null,
    actual: number | null,
    cycle: number,
  ): void {
    this.mismatches++;
    const { layer, tensor, channels } = this;
    const row = this.order?.[index % rows] ?? index % rows;
    const gate = channels?.[Math.floor(index / rows)] ?? channels?.[0] ?? null;
    const found = { frame, layer, row, tensor, gate, expected, actual, cycle };
    this.first = earlier(this.first, found);
  }
}

/** Whether two arrays hold the same bytes: the quick answer when nothing is wrong. */
export function sameBytes(a: Values, b: Values): boolean {
  if (a.byteLength !== b.byteLength) return false;
  return Buffer.compare(bytesOf(a), bytesOf(b)) === 0;
}

function bytesOf(values: Values): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
