import { PASS } from '../driver/session.js';
import { faultText } from '../report/fault-text.js';
import type { Scoreboard } from '../scoreboard/scoreboard.js';
import type { Observation, Status } from './observations.js';

/** Complaints kept: the first ones say what is wrong. */
const MOST_COMPLAINTS = 10;

/** Sorts what the harness sees in one session: values for the scoreboard, timing, complaints. */
export class Monitor {
  /**
   * Cycles in which the frames left: of the timing pass, where there is one, else of the main pass. In a timing pass without
   * outputs those in which they were accepted, as far apart in the long run.
   */
  left: number[] = [];
  /** Of the main pass: cycles in which frames were accepted, and in which outputs left. */
  readonly inputs: number[] = [];
  readonly outputs: number[] = [];
  readonly complaints: string[] = [];
  /** Cycle of the first complaint that has one. */
  complaintCycle: number | null = null;
  latencyCycles: number | null = null;
  /** From the last input beat of a frame without outputs to its end, where the session has one alone. */
  silentCycles: number | null = null;
  /** First cycle of the main pass. */
  mainStart = 0;
  /** At the end of the main pass, and at the end of everything. */
  main: Status | null = null;
  last: Status | null = null;
  #pass: number = PASS.main;
  #lastInput = 0;
  /** Frames accepted and sent in this pass. */
  #accepted = 0;
  #left = 0;
  /** Last beat of the first utterance of a timing pass. */
  #firstCommitted = 0;

  constructor(
    readonly scoreboard: Scoreboard,
    private readonly onFrame: (done: number) => void,
    /** Frames of the timing pass have outputs. */
    private readonly timedByOutputs = true,
    /** Frames in and out of an utterance of the timing pass; null where frames are timed. */
    private readonly perUtterance: {
      readonly inputs: number;
      readonly outputs: number;
    } | null = null,
  ) {}

  /** Cycles in which the last outputs of the utterances of a timing pass left. */
  get utteranceEnds(): readonly number[] {
    const { outputs = 1 } = this.perUtterance ?? {};
    return this.left.filter((_, n) => n % outputs === outputs - 1);
  }

  observe(seen: Observation): 'go' | 'stop' {
    switch (seen.kind) {
      case 'rows':
        this.scoreboard.rows(seen);
        break;
      case 'output':
        this.#output(seen);
        break;
      case 'input':
        this.#lastInput = seen.cycle;
        this.#accepted++;
        if (this.#pass === PASS.main) this.inputs.push(seen.cycle);
        if (this.#pass === PASS.timing && this.#accepted === this.perUtterance?.inputs) {
          this.#firstCommitted = seen.cycle;
        }
        if (this.#pass === PASS.timing && !this.timedByOutputs) this.left.push(seen.cycle);
        break;
      case 'silent':
        if (this.#pass === PASS.silent) this.silentCycles = seen.cycle - this.#lastInput;
        break;
      case 'mark':
        this.#pass = seen.id;
        this.#accepted = this.#left = 0;
        if (seen.id === PASS.timing) this.left = [];
        if (seen.id === PASS.main) this.mainStart = seen.cycle;
        break;
      case 'fault':
        this.complaintCycle ??= seen.cycle;
        this.#complain(`${faultText(seen)} (cycle ${seen.cycle}${this.#where()})`);
        break;
      case 'status':
        this.main ??= seen;
        this.last = seen;
        break;
      case 'reset':
      case 'accesses':
        break;
    }
    if (!this.scoreboard.outOfStep) return 'go';
    this.#complain('hardware and golden model are out of step; the run was ended');
    return 'stop';
  }

  /** Counts what never came. */
  finish(): void {
    this.scoreboard.finish(this.main?.cycle ?? this.left.at(-1) ?? 0);
  }

  /** Where in the session, beside the cycle. */
  #where(): string {
    if (this.#pass === PASS.latency) return ', one frame alone';
    if (this.#pass === PASS.silent) return ', one frame without outputs alone';
    const pass = this.#pass === PASS.timing ? ', frames for the timing' : '';
    return `${pass}, ${this.#accepted} frames in, ${this.#left} out`;
  }

  #output(seen: Extract<Observation, { kind: 'output' }>): void {
    if (this.#pass === PASS.latency) {
      this.latencyCycles = seen.cycle - this.#lastInput;
      return;
    }
    this.#left++;
    this.left.push(seen.cycle);
    if (this.#pass === PASS.timing && this.#left === this.perUtterance?.outputs) {
      this.latencyCycles = seen.cycle - this.#firstCommitted;
    }
    if (this.#pass !== PASS.main) return;
    this.outputs.push(seen.cycle);
    this.scoreboard.output(seen);
    this.onFrame(seen.sequence + 1);
  }

  #complain(text: string): void {
    if (this.complaints.length < MOST_COMPLAINTS) this.complaints.push(text);
  }
}
