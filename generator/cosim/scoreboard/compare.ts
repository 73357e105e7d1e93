import type { CosimDesign, FrameSequence } from '../design.js';
import type { Observation } from '../monitor/observations.js';
import { sameBytes, Tally } from '../monitor/tally.js';
import { split, type TracedRecord, type TracedTensor, tensorsOf, width } from '../trace.js';
import { earlier, type Mismatch, OUTPUTS } from './mismatch.js';
import { type Reference, type ReferenceFrame, ReferenceWindow } from './reference.js';

/** Frames in flight beyond which hardware and golden model are out of step for good. */
const MOST_IN_FLIGHT = 64;

type Rows = Extract<Observation, { kind: 'rows' }>;
type Output = Extract<Observation, { kind: 'output' }>;

/** Gets the outputs of hardware and golden model of each frame, in order. */
export type OutputSink = (frame: number, hardware: Float64Array, golden: Float64Array) => void;

/**
 * Compares what the hardware shows with the golden model, value by value at tolerance zero, while it comes. The k-th frame
 * that a layer or the output stream shows is held against frame k.
 */
export class Comparator {
  /** By layer and tensor, in the order of computation. */
  readonly layers: readonly ReadonlyMap<TracedTensor, Tally>[];
  readonly outputs: Tally;
  readonly #window: ReferenceWindow;
  /** Records that frame k still owes, for the frames in flight. */
  readonly #open = new Map<number, number>();
  #finished = 0;

  constructor(
    private readonly design: CosimDesign,
    private readonly frames: FrameSequence,
    reference: Reference,
    private readonly onOutputs: OutputSink = () => undefined,
  ) {
    this.#window = new ReferenceWindow(reference, frames);
    const { trace } = design;
    this.layers = trace.layers.map(({ rows }, layer) => {
      const tally = (tensor: TracedTensor) => {
        const { name, channels, role } = tensor;
        return new Tally(layer, name, width(tensor) * rows, channels, role);
      };
      return new Map(tensorsOf(trace).map((tensor) => [tensor, tally(tensor)]));
    });
    this.outputs = new Tally(null, OUTPUTS, design.outputs);
  }

  /** In the order of computation. */
  get tallies(): readonly Tally[] {
    return [...this.layers.flatMap((tallies) => [...tallies.values()]), this.outputs];
  }

  /** Frames of which everything was compared. */
  get finishedFrames(): number {
    return this.#finished;
  }

  /** True when nothing that could still come would match. */
  get outOfStep(): boolean {
    return this.#open.size > MOST_IN_FLIGHT;
  }

  get firstMismatch(): Mismatch | null {
    return this.tallies.reduce<Mismatch | null>(
      (first, tally) => (tally.first === null ? first : earlier(first, tally.first)),
      null,
    );
  }

  /** A traced frame of one layer. */
  rows(seen: Rows): void {
    const { layer, sequence: frame, cycle } = seen;
    const tallies = this.layers[layer];
    if (tallies === undefined) throw new Error(`the harness traced layer ${layer}`);
    const golden = this.#expected(frame)?.layers[layer];
    const record = this.design.trace.records[seen.record] as TracedRecord;
    for (const [tensor, actual] of split(record, cycle.length, seen.values)) {
      const tally = tallies.get(tensor) as Tally;
      const expected = golden && shown(golden, tensor);
      if (expected === undefined) {
        tally.differ(frame, 0, cycle.length, null, actual[0] ?? null, cycle[0] ?? -1);
      } else if (seen.missing === 0 && sameBytes(expected, actual)) tally.agree();
      else tally.compare(frame, expected, actual, cycle);
    }
    if (golden !== undefined) this.#settle(frame);
  }

  /** A frame of the output stream. */
  output(seen: Output): void {
    const { sequence: frame, cycle, values } = seen;
    const tally = this.outputs;
    const golden = this.#expected(frame)?.outputs;
    if (golden === undefined) {
      tally.differ(frame, 0, tally.perFrame, null, values[0] ?? null, cycle);
      return;
    }
    const cycles = Float64Array.from(golden, (_, row) => (row < values.length ? cycle : -1));
    tally.compare(frame, golden, values, cycles);
    const { streamLanes: lanes } = this.design.ports;
    const due = Math.ceil(golden.length / lanes) * lanes;
    for (let row = golden.length; row < values.length; row++) {
      // Lanes of the last beat that carry no value are zero; whole beats beyond it are not due.
      const actual = values[row] as number;
      if (row >= due || actual !== 0) {
        tally.differ(frame, row, values.length, row < due ? 0 : null, actual, cycle);
      }
    }
    this.onOutputs(frame, values, golden);
    this.#settle(frame);
  }

  /** Counts what never came; `cycle`: the last one of the run. */
  finish(cycle: number): void {
    for (const tally of this.tallies) {
      const missing = this.frames.frames - tally.received;
      if (missing <= 0) continue;
      const { layers, outputs } = this.#window.at(tally.received);
      const { layer, role } = tally;
      const values = layer === null || role === null ? outputs : (layers[layer]?.[role] ?? outputs);
      tally.missing(missing, values[0] as number, cycle);
    }
  }

  #expected(frame: number): ReferenceFrame | undefined {
    if (frame >= this.frames.frames) return undefined;
    const { records, layers } = this.design.trace;
    if (!this.#open.has(frame)) this.#open.set(frame, records.length * layers.length + 1);
    return this.#window.at(frame);
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
  { role, name }: TracedTensor,
): Float64Array | Int32Array {
  const values = golden[role];
  if (values === null) throw new Error(`the golden model has no ${name} (${role})`);
  return values;
}
