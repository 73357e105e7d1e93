/**
 * What the co-simulation harness is told on its stdin, little-endian; the layout of every record is in tb/records.h.
 */

const OP = {
  configure: 1,
  beats: 2,
  idle: 3,
  drain: 4,
  reset: 5,
  resetAfter: 6,
  join: 7,
  status: 8,
  mark: 9,
  waves: 10,
} as const;

/** One thing for the harness to do; done in order. */
export type Operation =
  /** Before the first reset. `stall`: probability of a gap and of back-pressure; `timeout`: quiet cycles until it gives up. */
  | {
      readonly kind: 'configure';
      readonly tracing: boolean;
      readonly stall: number;
      readonly seed: number;
      readonly timeout: number;
      readonly cells: readonly number[];
    }
  /** Packed beats of one frame or of several, see `beatPacker`. */
  | { readonly kind: 'beats'; readonly bytes: Uint8Array }
  | { readonly kind: 'idle' | 'reset'; readonly cycles: number }
  | { readonly kind: 'drain' | 'status' | 'join' }
  /** Reset strikes `delay` cycles from now; operations up to the next `join` are given up at that moment. */
  | { readonly kind: 'resetAfter'; readonly delay: number; readonly cycles: number }
  | { readonly kind: 'mark'; readonly id: number }
  /** First operation of a run of the build with waveforms. */
  | { readonly kind: 'waves'; readonly first: number; readonly last: number };

/** Bytes of one operation. */
export function encodeOperation(operation: Operation): Uint8Array {
  switch (operation.kind) {
    case 'configure': {
      const { stall, seed, timeout, cells } = operation;
      const data = payload(28);
      data.setUint32(0, operation.tracing ? 1 : 0, true);
      data.setUint32(4, Math.min(Math.round(stall * 2 ** 32), 2 ** 32 - 1), true);
      data.setBigUint64(8, BigInt(seed), true);
      data.setBigUint64(16, BigInt(Math.ceil(timeout)), true);
      data.setUint32(24, cells.length, true);
      return record(OP.configure, Buffer.concat([bytesOf(data), words(...cells)]));
    }
    case 'beats':
      return record(OP.beats, operation.bytes);
    case 'idle':
    case 'reset':
      return record(OP[operation.kind], words(operation.cycles));
    case 'resetAfter':
      return record(OP.resetAfter, words(operation.delay, operation.cycles));
    case 'mark':
      return record(OP.mark, words(operation.id));
    case 'waves': {
      const data = payload(16);
      data.setBigUint64(0, BigInt(operation.first), true);
      data.setBigUint64(8, BigInt(operation.last), true);
      return record(OP.waves, bytesOf(data));
    }
    default:
      return record(OP[operation.kind], new Uint8Array(0));
  }
}

function payload(length: number): DataView {
  return new DataView(new ArrayBuffer(length));
}

function bytesOf(data: DataView): Uint8Array {
  return new Uint8Array(data.buffer);
}

function words(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

function record(code: number, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + content.length);
  bytes.set(words(code, content.length));
  bytes.set(content, 8);
  return bytes;
}
