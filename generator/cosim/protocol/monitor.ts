import type { CosimDesign, FrameMarks } from '../design.js';
import { heldFrames } from '../driver/buffers.js';
import type { Observation, Status } from '../monitor/observations.js';
import { faultText } from '../report/fault-text.js';
import { recordsOf, recordText, type TracedRecord } from '../trace.js';
import { mirrored, utteranceSpans } from '../utterance-spans.js';
import { type Difference, differenceOf } from './difference.js';
import { type Life, resetText } from './life.js';
import { Rhythm } from './rhythm.js';
import { type Tape, tapeOf } from './tape.js';

/** Complaints kept: the first ones say what is wrong. */
const MOST_COMPLAINTS = 10;

type Values = Extract<Observation, { kind: 'rows' | 'output' }>;

/** Holds what the harness sees in the protocol pass against the golden model and against what lives have in common. */
export class ProtocolMonitor {
  readonly complaints: string[] = [];
  complaintCycle: number | null = null;
  resets = 0;
  wrongFrames = 0;
  last: Status | null = null;
  #life = -1;
  #start = 0;
  /** Frames seen in this life, by layer and kind. */
  #seen = new Map<string, number>();
  /** The same by stream. */
  #ofStream = new Map<string, number>();
  /** A frame of which rows were missing: the last one before a reset, or a mistake. */
  #partial = new Set<string>();
  readonly #rhythms: Readonly<Record<'flow' | 'held', Rhythm>>;

  constructor(
    private readonly design: CosimDesign,
    private readonly lives: readonly Life[],
    private readonly tapes: readonly Tape[],
    private readonly inputBeats: number,
  ) {
    const { trace } = design;
    this.#rhythms = { flow: new Rhythm(trace), held: new Rhythm(trace) };
  }

  observe(seen: Observation): 'go' | 'stop' {
    switch (seen.kind) {
      case 'mark':
        this.#begin(seen.id, seen.cycle);
        break;
      case 'rows':
      case 'output':
        this.#values(seen);
        this.#timed(seen);
        break;
      case 'input':
        if (seen.beats !== this.inputBeats) this.wrongFrames++;
        this.#timed(seen);
        break;
      case 'silent':
        this.#timed(seen);
        break;
      case 'fault':
        this.#complain(faultText(seen), seen.cycle);
        break;
      case 'reset':
        if (this.#life >= 0) this.#end(seen.cycle);
        break;
      case 'status':
        this.last = seen;
        break;
      case 'accesses':
        break;
    }
    return this.complaints.length < MOST_COMPLAINTS ? 'go' : 'stop';
  }

  /** Whether all lives came to their end; a pass that did not has complaints. */
  finish(): void {
    if (this.resets === this.lives.length || this.complaints.length > 0) return;
    this.#complain('the run ended before its time', this.last?.cycle ?? 0);
  }

  #begin(id: number, cycle: number): void {
    this.#life = id;
    this.#start = cycle;
    this.#seen.clear();
    this.#ofStream.clear();
    this.#partial.clear();
    this.#rhythm()?.begin();
  }

  #current(): Life {
    return this.lives[Math.max(this.#life, 0)] as Life;
  }

  #rhythm(): Rhythm | null {
    const { rhythm } = this.#current();
    return rhythm === null ? null : this.#rhythms[rhythm];
  }

  #timed(seen: Parameters<Rhythm['see']>[0]): void {
    const wrong = this.#rhythm()?.see(seen, this.#start) ?? null;
    if (wrong !== null) this.#complain(wrong.text, wrong.cycle);
  }

  #values(seen: Values): void {
    const life = this.#current();
    const { records } = this.design.trace;
    const key =
      seen.kind === 'output' ? 'output' : nameOf(records[seen.record] as TracedRecord, seen.layer);
    this.#seen.set(key, (this.#seen.get(key) ?? 0) + 1);
    const own = `${key} of stream ${seen.stream}`;
    const frame = this.#ofStream.get(own) ?? 0;
    this.#ofStream.set(own, frame + 1);
    if (this.#partial.has(key)) this.#complain(`rows of ${key} are missing`, firstCycle(seen));
    if (seen.kind !== 'output' && seen.missing > 0) this.#partial.add(key);
    const tape = tapeOf(this.tapes, this.#life);
    // the k-th output is that of the k-th frame whose outputs leave
    const of =
      seen.kind === 'output'
        ? this.#due(tape, life.frames).filter((n) => tape.stream(n) === seen.stream)[frame]
        : this.#frameOf(tape, seen, frame);
    const golden = of !== undefined && of < life.frames ? tape.golden(of) : null;
    const difference: Difference | null = differenceOf(this.design, of ?? frame, golden, seen);
    if (difference !== null) this.#complain(difference.text, difference.cycle);
  }

  /** The frame that a layer shows as its k-th one. */
  #frameOf(
    tape: Tape,
    { layer, stream }: { layer: number; stream: number },
    frame: number,
  ): number {
    if (this.design.streams > 1) {
      const own = Array.from({ length: tape.frames }, (_, n) => n);
      return own.filter((n) => tape.stream(n) === stream)[frame] ?? tape.frames;
    }
    if (this.design.trace.layers[layer]?.direction !== 'backward') return frame;
    const utteranceStarts = Array.from({ length: tape.frames }, (_, n) => n).filter(tape.starts);
    return mirrored(utteranceSpans({ frames: tape.frames, utteranceStarts }), frame);
  }

  /** The frames of a life whose outputs leave. */
  #due(tape: Tape, frames: number): readonly number[] {
    return Array.from({ length: frames }, (_, n) => n).filter((n) => tape.emits(n));
  }

  #end(cycle: number): void {
    const life = this.#current();
    const struck = cycle - life.reset.cycles;
    this.resets++;
    if (life.strike === null) this.#complete(life, struck);
    const rhythm = this.#rhythm();
    const late = rhythm?.end(struck - this.#start, life.frames) ?? null;
    if (late !== null) this.#complain(late, struck);
    if (this.#life <= 1 && rhythm !== null) this.#asPredicted(life, rhythm, struck);
  }

  /** Every frame came, and came whole. */
  #complete(life: Life, cycle: number): void {
    const { trace } = this.design;
    const tape = tapeOf(this.tapes, this.#life);
    const layers = trace.layers.flatMap((_, l) =>
      recordsOf(trace, l).map((record) => nameOf(record, l)),
    );
    for (const key of ['output', ...layers]) {
      const got = this.#seen.get(key) ?? 0;
      const due = key === 'output' ? this.#due(tape, life.frames).length : life.frames;
      if (got !== due) this.#complain(`${due} frames of ${key} are due, ${got} came`, cycle);
      if (this.#partial.has(key)) this.#complain(`rows of ${key} are missing`, cycle);
    }
  }

  /** The first life of each rhythm takes the cycles predicted, and fills the core. */
  #asPredicted({ rhythm: name, text, frames }: Life, rhythm: Rhythm, cycle: number): void {
    const { predicted } = this.design;
    const inputs = rhythm.of('the input');
    const tape = tapeOf(this.tapes, this.#life);
    const whole = this.design.order === 'sequence';
    const marks = Array.from({ length: frames }, (_, n) => ({
      emits: tape.emits(n),
      last: whole && tape.ends(n),
      stream: tape.stream(n),
    }));
    if (name === 'flow') {
      const latency = (rhythm.of('the output')[0] as number) - (inputs[0] as number);
      if (!whole && marks[0]?.emits === true && latency !== predicted.latencyCycles) {
        this.#complain(
          `the first frame must take ${predicted.latencyCycles} cycles, took ${latency}`,
          cycle,
        );
      }
      for (const text of untimely(predicted, marks, rhythm)) this.#complain(text, cycle);
      return;
    }
    const first = rhythm.of('the output')[0] ?? 0;
    const got = inputs.filter((at) => at < first).length;
    const due = heldFrames(this.design, marks);
    if (got !== due) {
      this.#complain(`${due} frames must be accepted with ${text}, ${got} were`, cycle);
    }
  }

  #complain(text: string, cycle: number): void {
    if (this.complaints.length >= MOST_COMPLAINTS) return;
    this.complaintCycle ??= cycle;
    const before = this.lives[this.#life - 1];
    const since =
      before === undefined ? 'the first reset' : `${resetText(before)} (${before.text})`;
    this.complaints.push(
      `life ${this.#life} (${this.#current().text}) after ${since}: ${text} (cycle ${cycle})`,
    );
  }
}

/** A record of a layer in words. */
function nameOf(record: TracedRecord, layer: number): string {
  return `${recordText(record)} of layer ${layer}`;
}

function firstCycle({ cycle }: Values): number {
  return typeof cycle === 'number' ? cycle : (cycle.find((at) => at >= 0) ?? 0);
}

/** What frames back to back did in other cycles than the schedule of the design says, where that is known. */
function* untimely(
  { backToBack }: CosimDesign['predicted'],
  frames: readonly FrameMarks[],
  rhythm: Rhythm,
): Generator<string> {
  if (backToBack === undefined) return;
  const [inputs, outputs, [end]] = [
    rhythm.of('the input'),
    rhythm.of('the output'),
    rhythm.of('the end'),
  ];
  const start = inputs[0] as number;
  let [sent, over] = [0, 0];
  const timings = backToBack(frames);
  // frames of several streams do not leave in the order in which they came
  const leave = timings
    .flatMap(({ ended }, n) => (frames[n]?.emits ? [ended] : []))
    .sort((a, b) => a - b);
  for (const [frame, { accepted, ended }] of timings.entries()) {
    const came = (inputs[frame] as number) - start;
    if (came !== accepted) {
      yield `frame ${frame} must be accepted ${accepted} cycles after the first one, was ${came}`;
    }
    over = Math.max(over, ended);
    // of frames without outputs only the end of the last one shows, behind that of all outputs
    const last = frame === frames.length - 1;
    const emits = frames[frame]?.emits === true;
    if (!emits && !last) continue;
    const [at, due] = emits ? [outputs[sent], leave[sent++] as number] : [end, over];
    const took = at === undefined ? 'never' : at - start;
    if (took !== due) {
      yield `frame ${frame} must end ${due} cycles after the first one was accepted, ended ${took}`;
    }
  }
}
