/**
 * What the co-simulation harness writes to its stdout, little-endian; the layout of every record is in tb/records.h.
 */

/** What the harness saw. `sequence` counts from 0 after each reset, for each layer and each stream by itself. */
export type Observation =
  | {
      readonly kind: 'rows';
      /** Number of the record of the trace. */
      readonly record: number;
      readonly layer: number;
      /** By tid. */
      readonly stream: number;
      readonly sequence: number;
      readonly missing: number;
      /** Cycle of each row, -1 where it never came. */
      readonly cycle: Float64Array;
      /** [value of a row][row], the values of a row in the order of the record. */
      readonly values: Float64Array | Int32Array;
    }
  | {
      readonly kind: 'output';
      readonly stream: number;
      readonly sequence: number;
      readonly cycle: number;
      /** All lanes of all beats of the frame. */
      readonly values: Float64Array;
    }
  | {
      readonly kind: 'input';
      readonly sequence: number;
      readonly beats: number;
      readonly cycle: number;
    }
  | Status
  | { readonly kind: 'mark'; readonly id: number; readonly cycle: number }
  | Fault
  | { readonly kind: 'reset'; readonly cycle: number }
  /** The last frame inside, which has no outputs, ended in this cycle. */
  | { readonly kind: 'silent'; readonly cycle: number }
  | PortAccesses;

/** What a port of a macro has done since the start of the process; where the build has counters. */
export interface PortAccesses {
  readonly kind: 'accesses';
  /** Of the counter in the port: instances with dots between, from the top of the simulation. */
  readonly path: string;
  readonly port: number;
  readonly reads: number;
  readonly writes: number;
}

export interface Status {
  readonly kind: 'status';
  readonly busy: boolean;
  readonly error: boolean;
  readonly errorCount: number;
  /** The counter port of the core. */
  readonly cycles: number;
  /** Clock cycles since the start of the process. */
  readonly cycle: number;
  /** Cycles with busy high since the last reset, counted by the harness. */
  readonly busyCycles: number;
  readonly processorSeconds: number;
}

/** What the harness itself complains about, once between two resets; see `Fault` in tb/records.h. */
export interface Fault {
  readonly kind: 'fault';
  readonly fault: FaultKind;
  readonly detail: number;
  readonly cycle: number;
  readonly expected: number;
  readonly got: number;
}

const FAULTS = [
  ...(['hang', 'unstable', 'trace', 'endless', 'busy', 'cycles', 'error', 'errorCount'] as const),
  ...(['last', 'surplus', 'notReady', 'overfull', 'readyInReset', 'notCleared', 'marks'] as const),
  ...(['load', 'memory'] as const),
] as const;
export type FaultKind = (typeof FAULTS)[number];

/** Observations out of the pieces in which a pipe delivers them. Arrays are views that stay valid. */
export class ObservationParser {
  #rest = new Uint8Array(0);

  *push(chunk: Uint8Array): Generator<Observation> {
    let bytes = chunk;
    if (this.#rest.length > 0 || chunk.byteOffset % 8 !== 0) {
      bytes = new Uint8Array(this.#rest.length + chunk.length);
      bytes.set(this.#rest);
      bytes.set(chunk, this.#rest.length);
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    while (at + 8 <= bytes.length) {
      const length = view.getUint32(at + 4, true);
      if (at + 8 + length > bytes.length) break;
      yield decode(view.getUint32(at, true), bytes.buffer, bytes.byteOffset + at + 8, length);
      at += 8 + length;
    }
    this.#rest = new Uint8Array(bytes.subarray(at));
  }
}

/** Where the stream of an output frame stands beside the count of its values. */
const STREAM_SHIFT = 24;

/** Bytes in front of the cycles of a `rows` record. */
const HEAD_BYTES = 32;

/** Record, layer, sequence, rows, missing rows, bytes of a value. */
function head(buffer: ArrayBufferLike, at: number): Head {
  return [...new Uint32Array(buffer, at, 6)] as unknown as Head;
}
type Head = readonly [number, number, number, number, number, number];

function decode(code: number, buffer: ArrayBufferLike, at: number, length: number): Observation {
  const word = (index: number) => new Uint32Array(buffer, at, length >> 2)[index] as number;
  const double = (index: number) => new Float64Array(buffer, at, length >> 3)[index] as number;
  switch (code) {
    case 1: {
      const [record, layer, sequence, rows, missing, bytes] = head(buffer, at);
      const cycle = new Float64Array(buffer, at + HEAD_BYTES, rows);
      const data = at + HEAD_BYTES + 8 * rows;
      // of 32-bit values an odd count is filled up
      const count = word(6) * rows;
      const values =
        bytes === 8 ? new Float64Array(buffer, data, count) : new Int32Array(buffer, data, count);
      return { kind: 'rows', record, layer, stream: word(7), sequence, missing, cycle, values };
    }
    case 2: {
      const stream = word(1) >>> STREAM_SHIFT;
      const values = new Float64Array(buffer, at + 16, word(1) % 2 ** STREAM_SHIFT);
      return { kind: 'output', stream, sequence: word(0), cycle: double(1), values };
    }
    case 3:
      return { kind: 'input', sequence: word(0), beats: word(1), cycle: double(1) };
    case 4:
      return {
        kind: 'status',
        busy: word(0) !== 0,
        error: word(1) !== 0,
        errorCount: word(2),
        cycles: word(3),
        cycle: double(2),
        busyCycles: double(3),
        processorSeconds: double(4),
      };
    case 5:
      return { kind: 'mark', id: word(0), cycle: double(1) };
    case 6:
      return {
        kind: 'fault',
        fault: FAULTS[word(0) - 1] as FaultKind,
        detail: word(1),
        cycle: double(1),
        expected: double(2),
        got: double(3),
      };
    case 7:
      return { kind: 'reset', cycle: double(0) };
    case 8:
      return { kind: 'silent', cycle: double(0) };
    case 9: {
      const path = Buffer.from(buffer, at + 24, word(1)).toString('utf8');
      return { kind: 'accesses', port: word(0), path, reads: double(1), writes: double(2) };
    }
    default:
      throw new Error(`unknown observation ${code} from the harness`);
  }
}
