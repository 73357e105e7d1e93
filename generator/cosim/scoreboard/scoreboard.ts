import type { Role } from '../../network/cells/shown.js';
import { type CosimDesign, emittingFrames, type FrameSequence } from '../design.js';
import type { Observation } from '../monitor/observations.js';
import { framesByStream } from '../sent-frames.js';
import {
  type LayerTensor,
  layerTensor,
  recordsOf,
  split,
  type TracedLayer,
  type TracedRecord,
  tensorsOf,
} from '../trace.js';
import { mirrored, type Span, utteranceSpans } from '../utterance-spans.js';
import { earlier, type Mismatch, OUTPUTS } from './mismatch.js';
import { type Reference, type ReferenceFrame, ReferenceWindow } from './reference.js';
import { sameBytes, TensorComparison } from './tensor-comparison.js';

/** Frames in flight in an engine beyond which hardware and golden model are out of step for good. */
const MOST_IN_FLIGHT = 64;

/** The frames of a stream, those whose outputs leave, and how many of each record have come. */
interface StreamFrames {
  readonly frames: readonly number[];
  readonly due: readonly number[];
  readonly seen: Map<string, number>;
}

type Rows = Extract<Observation, { kind: 'rows' }>;
type Output = Extract<Observation, { kind: 'output' }>;

/** Gets the outputs of hardware and golden model of each output frame, in order. */
export type OutputSink = (sequence: number, hardware: Float64Array, golden: Float64Array) => void;

/**
 * Compares what the hardware shows with the golden model, value by value at tolerance zero, while it comes. The k-th frame
 * that a layer shows is held against frame k, or of each utterance against the last one first where the layer runs backward; the
 * k-th one of the output stream against the k-th whose outputs leave.
 */
export class Scoreboard {
  /** By layer and tensor, in the order of computation. */
  readonly layers: readonly ReadonlyMap<Role, TensorComparison>[];
  readonly outputs: TensorComparison;
  readonly #window: ReferenceWindow;
  readonly #whole: boolean;
  readonly #spans: readonly Span[];
  readonly #most: number;
  /** Records that frame k still owes, for the frames in flight. */
  readonly #open = new Map<number, number>();
  #finished = 0;
  /** Frames whose outputs leave. */
  readonly #due: readonly number[];
  readonly #emits: ReadonlySet<number>;
  readonly #streams: readonly StreamFrames[];
  /** Of a frame whose outputs leave, which one of those it is. */
  readonly #places: ReadonlyMap<number, number>;
  /** Records of all layers. */
  readonly #shown: number;

  constructor(
    private readonly design: CosimDesign,
    private readonly frames: FrameSequence,
    reference: Reference,
    private readonly onOutputs: OutputSink = () => undefined,
  ) {
    this.#whole = design.order === 'sequence' || design.streams > 1;
    this.#window = new ReferenceWindow(reference, frames, this.#whole);
    this.#spans = utteranceSpans(frames);
    const longest = Math.max(...this.#spans.map(({ length }) => length));
    this.#most = MOST_IN_FLIGHT * (design.engines ?? 1) + (this.#whole ? 3 * longest : 0);
    this.#due = emittingFrames(frames, design.emit);
    this.#emits = new Set(this.#due);
    this.#streams = framesByStream(frames, design.streams).map((own) => ({
      frames: own,
      due: own.filter((frame) => this.#emits.has(frame)),
      seen: new Map(),
    }));
    this.#places = new Map(this.#due.map((frame, n) => [frame, n]));
    const { trace } = design;
    this.#shown = trace.layers.reduce((sum, _, layer) => sum + recordsOf(trace, layer).length, 0);
    this.layers = trace.layers.map((traced, layer) => {
      const comparison = ({ name, channels, role }: LayerTensor) => {
        const values = (channels?.length ?? 1) * traced.rows;
        return new TensorComparison(
          layer,
          name,
          values,
          channels,
          role,
          design.trace.layers[layer]?.order,
        );
      };
      const shown = tensorsOf({ records: recordsOf(trace, layer) });
      const tensors = shown.flatMap((tensor) => layerTensor(traced, tensor) ?? []);
      return new Map(tensors.map((tensor) => [tensor.role, comparison(tensor)]));
    });
    this.outputs = new TensorComparison(null, OUTPUTS, design.outputs);
  }

  /** In the order of computation. */
  get comparisons(): readonly TensorComparison[] {
    return [...this.layers.flatMap((comparisons) => [...comparisons.values()]), this.outputs];
  }

  /** Frames of which everything was compared. */
  get finishedFrames(): number {
    return this.#finished;
  }

  /** True when nothing that could still come would match. */
  get outOfStep(): boolean {
    return this.#open.size > this.#most;
  }

  get firstMismatch(): Mismatch | null {
    return this.comparisons.reduce<Mismatch | null>(
      (first, comparison) => (comparison.first === null ? first : earlier(first, comparison.first)),
      null,
    );
  }

  /** A traced frame of one layer. */
  rows(seen: Rows): void {
    const { layer, cycle } = seen;
    const comparisons = this.layers[layer];
    if (comparisons === undefined) throw new Error(`the harness traced layer ${layer}`);
    const frame = this.#frameOf(layer, this.#numberOf(seen, `${seen.record} ${layer}`));
    const golden = this.#expected(frame)?.layers[layer];
    const record = this.design.trace.records[seen.record] as TracedRecord;
    const traced = this.design.trace.layers[layer] as TracedLayer;
    for (const [tensor, actual] of split(record, traced, cycle.length, seen.values)) {
      const comparison = comparisons.get(tensor.role) as TensorComparison;
      const expected = golden && shown(golden, tensor);
      if (expected === undefined) {
        comparison.differ(frame, 0, cycle.length, null, actual[0] ?? null, cycle[0] ?? -1);
      } else if (seen.missing === 0 && sameBytes(expected, actual)) comparison.agree();
      else comparison.compare(frame, expected, actual, cycle);
    }
    if (golden !== undefined) this.#settle(frame);
  }

  /** A frame of the output stream. */
  output(seen: Output): void {
    const { cycle, values, stream } = seen;
    const comparison = this.outputs;
    const { due: own, seen: counts } = this.#streams[stream] as StreamFrames;
    const nth = counts.get(OUTPUTS) ?? 0;
    counts.set(OUTPUTS, nth + 1);
    const frame = own[nth] ?? this.frames.frames;
    const golden = this.#expected(frame)?.outputs;
    if (golden === undefined) {
      comparison.differ(frame, 0, comparison.perFrame, null, values[0] ?? null, cycle);
      return;
    }
    const cycles = Float64Array.from(golden, (_, row) => (row < values.length ? cycle : -1));
    comparison.compare(frame, golden, values, cycles);
    const { streamLanes: lanes } = this.design.ports;
    const due = Math.ceil(golden.length / lanes) * lanes;
    for (let row = golden.length; row < values.length; row++) {
      // Lanes of the last beat that carry no value are zero; whole beats beyond it are not due.
      const actual = values[row] as number;
      if (row >= due || actual !== 0) {
        comparison.differ(frame, row, values.length, row < due ? 0 : null, actual, cycle);
      }
    }
    const sequence = this.#places.get(frame) as number;
    this.onOutputs(sequence, values, golden);
    this.#settle(frame);
    // where nothing else is shown, nothing is owed of the frames before
    if (this.design.streams > 1) return;
    for (let n = (this.#due[sequence - 1] ?? -1) + 1; n < frame; n++) {
      if (this.#owed(n) === 0) this.#window.release(n);
    }
  }

  /** Counts what never came; `cycle`: the last one of the run. */
  finish(cycle: number): void {
    for (const comparison of this.comparisons) {
      const { layer, role, received } = comparison;
      const ofOutputs = comparison === this.outputs;
      const missing = (ofOutputs ? this.#due.length : this.frames.frames) - received;
      if (missing <= 0) continue;
      const frame = ofOutputs
        ? (this.#due[received] as number)
        : this.#frameOf(layer ?? 0, received);
      const { layers, outputs } = this.#window.at(frame);
      const values = layer === null || role === null ? outputs : (layers[layer]?.[role] ?? outputs);
      comparison.missing(missing, values[0] as number, cycle, frame);
    }
  }

  /** Which frame of the sequence it is that a layer shows of a stream, if it began with the first one of each utterance. */
  #numberOf({ stream, sequence }: Rows, key: string): number {
    if (this.design.streams === 1) return sequence;
    const { frames, seen } = this.#streams[stream] as StreamFrames;
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    return frames[nth] ?? this.frames.frames;
  }

  /** The frame that a layer shows as its k-th one: of an utterance the last one first, where it runs backward. */
  #frameOf(layer: number, sequence: number): number {
    if (this.design.trace.layers[layer]?.direction !== 'backward') return sequence;
    return mirrored(this.#spans, sequence);
  }

  #expected(frame: number): ReferenceFrame | undefined {
    if (frame >= this.frames.frames) return undefined;
    if (!this.#open.has(frame)) this.#open.set(frame, this.#owed(frame));
    return this.#window.at(frame);
  }

  /** Records that a frame shows in all. */
  #owed(frame: number): number {
    return this.#shown + (this.#emits.has(frame) ? 1 : 0);
  }

  #settle(frame: number): void {
    const left = (this.#open.get(frame) as number) - 1;
    this.#open.set(frame, left);
    if (left > 0) return;
    this.#open.delete(frame);
    this.#window.release(frame);
    this.#finished++;
  }
}

/** What the golden model has for a tensor of the trace. */
function shown(
  golden: ReferenceFrame['layers'][number],
  { role, name }: LayerTensor,
): Float64Array | Int32Array {
  const values = golden[role];
  if (values === null) throw new Error(`the golden model has no ${name} (${role})`);
  return values;
}
