import type { Emit, TimeOrder } from '../accelerator/index.js';
import type { Registers } from './build/held-by.js';
import type { Trace } from './trace.js';

/** Widths of the stream ports of a core. */
export interface CorePorts {
  /** Values per beat of both streams. */
  readonly streamLanes: number;
  /** Bytes of one input value in a beat. */
  readonly xBytes: number;
  /** Bytes of one output value in a beat. */
  readonly outBytes: number;
}

/** What co-simulation has to know about a design with a model on it. */
export interface CosimDesign {
  readonly name: string;
  /** Working directory of the simulation: memory images are found from here. */
  readonly directory: string;
  /** Module with the trace port, below the top module; of a netlist, the top module, which has none. */
  readonly core: string;
  /** Verilog texts by file name. */
  readonly verilog: ReadonlyMap<string, string>;
  /** Only of a netlist: how the models of its cells are read. */
  readonly cellModels?: {
    readonly libraries: ReadonlyMap<string, string>;
    readonly flags: readonly string[];
  };
  readonly ports: CorePorts;
  readonly inputs: number;
  /** What the trace port shows; nothing of a netlist. */
  readonly trace: Trace;
  readonly outputs: number;
  /** Of which frames the outputs leave. */
  readonly emit: Emit;
  /** Frame by frame, or whole utterances layer by layer, of so many frames at most. */
  readonly order: TimeOrder;
  readonly maxFrames: number | null;
  /** Independent streams of frames, by tid. */
  readonly streams: number;
  /** Where the compared values come about, for the report of a mismatch. */
  readonly registers?: Registers;
  /** Frames that there is room for. */
  readonly buffers: FrameBuffers;
  /** How the model comes in; absent: it lies in ROMs. */
  readonly load?: ModelLoad;
  /** Registers behind an AXI4-Lite slave, on which nothing happens in a co-simulation. */
  readonly bus?: true;
  /** They reach the states: the core has inputs beside those of the streams. */
  readonly states?: true;
  /** Words of memories have check bits, and the top says what they found. */
  readonly protect?: true;
  /** Engines in a chain; absent: one. */
  readonly engines?: number;
  /** Multipliers of the array: how large the design is to simulate. */
  readonly macs: number;
  readonly predicted: {
    readonly cyclesPerFrame: number;
    readonly latencyCycles: number;
    /** Last input beat to the end of a frame without outputs, idle core; null where every frame has some. */
    readonly silentCycles: number | null;
    /** Frames back to back after a reset, output always taken; where nothing else is known of the hardware, absent. */
    readonly backToBack?: (frames: readonly FrameMarks[]) => readonly FrameTiming[];
    /** Frames of whole utterances that are accepted after a reset while no output is taken. */
    readonly held?: (frames: readonly FrameMarks[]) => number;
  };
}

/** The load port of a design, and what puts the model on it. */
export interface ModelLoad {
  /** Bytes of a beat. */
  readonly beatBytes: number;
  /** Resident places, all of which the bytes fill. */
  readonly places: number;
  readonly bytes: Uint8Array;
}

/** What a frame of a sequence is to the schedule. */
export interface FrameMarks {
  /** Its outputs leave. */
  readonly emits: boolean;
  /** It is the last one of its utterance. */
  readonly last: boolean;
  /** By tid. */
  readonly stream: number;
}

/** Cycles, counted from the last input beat of the first frame. */
export interface FrameTiming {
  /** The last input beat. */
  readonly accepted: number;
  /** The last output beat; of a frame without outputs its end, where that shows. */
  readonly ended: number;
}

export interface FrameBuffers {
  /** At the input: with fewer frames accepted and not sent, `s_axis_tready` is high. */
  readonly input: number;
  /** Frames that are accepted while none leaves. */
  readonly inside: number;
}

/** Frames to send, as codes in the input format. */
export interface FrameSequence {
  readonly inputs: number;
  readonly frames: number;
  /** [frame][input] */
  readonly codes: Int32Array;
  /** First frame of each utterance, ascending, the first one 0. */
  readonly utteranceStarts: readonly number[];
}

/** The frames whose outputs leave, ascending: all of them, or the last one of each utterance. */
export function emittingFrames(
  { frames, utteranceStarts }: Pick<FrameSequence, 'frames' | 'utteranceStarts'>,
  emit: Emit,
): readonly number[] {
  return emit === 'every'
    ? Array.from({ length: frames }, (_, n) => n)
    : [...utteranceStarts.slice(1), frames].map((next) => next - 1);
}
