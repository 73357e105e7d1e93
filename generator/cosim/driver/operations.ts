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
  stall: 11,
  pause: 12,
  allow: 13,
  load: 14,
  model: 15,
  accesses: 16,
} as const;

/** What a reset can be timed by: its arming, or what is first seen of a stream after it. */
export const EVENTS = ['armed', 'frameIn', 'full', 'room', 'output', 'frameOut'] as const;
export type StreamEvent = (typeof EVENTS)[number];

/** One thing for the harness to do; done in order. */
export type Operation =
  /** Before the first reset. */
  | {
      readonly kind: 'configure';
      readonly tracing: boolean;
      /** Of stalls. */
      readonly seed: number;
      /** Cycles without a beat, though the core may go on, until the harness gives up. */
      readonly patience: number;
      readonly shape: StreamShape;
      /** Of each traced layer. */
      readonly rows: readonly number[];
    }
  /** Packed beats of one frame or of several, see `beatPacker`. */
  | { readonly kind: 'beats'; readonly bytes: Uint8Array }
  | { readonly kind: 'idle'; readonly cycles: number }
  /** `offer`: the beat that was on offer last stays there meanwhile. */
  | ({ readonly kind: 'reset' } & ResetForm)
  | { readonly kind: 'drain' | 'status' | 'join' | 'accesses' }
  /** Reset strikes `delay` cycles after the event; operations up to the next `join` are given up at that moment. */
  | ({
      readonly kind: 'resetAfter';
      readonly event: StreamEvent;
      readonly delay: number;
    } & ResetForm)
  /** Probabilities of a gap before a beat and of back-pressure in a cycle, from now on. */
  | { readonly kind: 'stall'; readonly gap: number; readonly pause: number }
  /** Back-pressure without a break, `delay` cycles from now, while what follows is driven. */
  | { readonly kind: 'pause'; readonly delay: number; readonly cycles: number }
  /** Cycles that all may take up to the next `allow`; cycles with back-pressure do not count. */
  | { readonly kind: 'allow'; readonly cycles: number }
  | { readonly kind: 'mark'; readonly id: number }
  /** The resident model of the utterances from now on, and the probability that one asks for another than the one before. */
  | { readonly kind: 'model'; readonly place: number; readonly change: number }
  /** Bytes of a load, which follows every reset from now on. */
  | { readonly kind: 'load'; readonly bytes: Uint8Array }
  /** First operation of a run of the build with waveforms. */
  | { readonly kind: 'waves'; readonly first: number; readonly last: number };

export interface ResetForm {
  readonly cycles: number;
  readonly offer: boolean;
}

/** What the streams of a core promise. */
export interface StreamShape {
  /** Beats of a frame. */
  readonly inputBeats: number;
  readonly outputBeats: number;
  /** Frames inside below which `s_axis_tready` is high. */
  readonly inputBuffers: number;
  /** Frames accepted and not sent, at most. */
  readonly mostInside: number;
  /** Cycles from the last input beat of a frame without outputs to its end in an idle core; 0 where every frame has some. */
  readonly silentCycles: number;
}

/** Bytes of one operation. */
export function encodeOperation(operation: Operation): Uint8Array {
  switch (operation.kind) {
    case 'configure': {
      const { shape, seed, patience, rows } = operation;
      const { inputBeats, outputBeats, inputBuffers, mostInside, silentCycles } = shape;
      const tracing = operation.tracing ? 1 : 0;
      const streams = [inputBeats, outputBeats, inputBuffers, mostInside, silentCycles];
      const head = words(tracing, ...streams, rows.length, 0);
      return record(OP.configure, joined(head, longs(seed, patience), words(...rows)));
    }
    case 'beats':
    case 'load':
      return record(OP[operation.kind], operation.bytes);
    case 'model':
      return record(OP.model, words(operation.place, heads(operation.change)));
    case 'idle':
      return record(OP.idle, words(operation.cycles));
    case 'reset':
      return record(OP.reset, words(operation.cycles, Number(operation.offer)));
    case 'resetAfter': {
      const { event, delay, cycles, offer } = operation;
      return record(OP.resetAfter, words(EVENTS.indexOf(event), delay, cycles, Number(offer)));
    }
    case 'stall':
      return record(OP.stall, words(heads(operation.gap), heads(operation.pause)));
    case 'pause':
      return record(OP.pause, words(operation.delay, operation.cycles));
    case 'allow':
      return record(OP.allow, longs(operation.cycles));
    case 'mark':
      return record(OP.mark, words(operation.id));
    case 'waves':
      return record(OP.waves, longs(operation.first, operation.last));
    default:
      return record(OP[operation.kind], new Uint8Array(0));
  }
}

/** A probability as the harness takes it. */
function heads(probability: number): number {
  return Math.min(Math.round(probability * 2 ** 32), 2 ** 32 - 1);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

function longs(...values: readonly number[]): Uint8Array {
  const whole = values.map((value) => BigInt(Math.ceil(value)));
  return new Uint8Array(BigUint64Array.from(whole).buffer);
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
