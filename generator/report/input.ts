import type {
  DeviceEstimate,
  Hardware,
  HardwareEstimate,
  HardwarePrediction,
} from '../accelerator/index.js';
import type { Coverage } from '../cosim/reached/points.js';
import type { FlowReport } from '../flow/report/report.js';
import type { Model } from '../network/model.js';
import type { UnitOrders } from '../network/unit-order.js';
import type { WordLengthMap } from './pictures/word-lengths.js';
import type { Measured } from './values/measured.js';

/** What `cosim` said of a design. */
export interface CosimEvidence {
  /** The file that says it. */
  readonly file: string;
  readonly ok: boolean;
  readonly netlist: string | null;
  readonly simulator: string;
  readonly seed: number;
  readonly gap: number;
  readonly pause: number;
  readonly frames: number;
  readonly utterances: number;
  readonly compared: Readonly<Record<'sums' | 'h' | 'c' | 'outputs', number>>;
  readonly mismatches: number;
  readonly cyclesPerFrame: number | null;
  readonly predictedCyclesPerFrame: number;
  readonly latencyCycles: number | null;
  readonly predictedLatencyCycles: number;
  readonly complaints: readonly string[];
  readonly protocol: {
    readonly resets: number;
    readonly wrongFrames: number;
    readonly complaints: readonly string[];
  } | null;
  /** Null: it was not counted. */
  readonly coverage: Coverage | null;
  readonly accuracy: number | null;
  readonly goldenAccuracy: number | null;
}

/** What `synth` said of a design. */
export interface SynthEvidence extends FlowReport {
  readonly file: string;
}

/** What `sweep-bits` said of the trained network. */
export interface WordLengthEvidence {
  readonly file: string;
  readonly model: string;
  readonly maps: readonly WordLengthMap[];
}

/** What a report is made of. */
export interface ReportInput {
  /** Name of the design, or of the file of the model. */
  readonly name: string;
  /** As the user named it. */
  readonly path: string;
  readonly kind: 'design' | 'model';
  /** As the network has its units, and as the hardware has them. */
  readonly model: Model;
  readonly placed: Model;
  /** Null: the same. */
  readonly orders: UnitOrders | null;
  readonly hardware: Hardware;
  readonly cuts: readonly number[];
  readonly prediction: HardwarePrediction;
  readonly figures: HardwareEstimate;
  /** A line in time at a clock; empty without one. */
  readonly time: readonly string[];
  /** On a device; null where none is asked for. */
  readonly device: DeviceEstimate | null;
  /** On frames of a file; null without one. */
  readonly measured: { readonly file: string; readonly values: Measured } | null;
  readonly cosim: readonly CosimEvidence[];
  readonly synth: readonly SynthEvidence[];
  readonly wordLengths: readonly WordLengthEvidence[];
}
