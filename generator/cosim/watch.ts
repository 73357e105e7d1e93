import type { Comparator } from './compare.js';
import type { FaultKind, Observation, Status } from './observations.js';
import { PASS } from './session.js';

const FAULT_TEXT: Readonly<Record<FaultKind, string>> = {
  timeout: 'the hardware hangs: no handshake and no trace for too long',
  unstable: 'an output beat changed or vanished while it had to wait',
  trace: 'the trace port named a layer that does not exist',
  overlong: 'an output frame does not end',
};
/** Complaints kept: the first ones say what is wrong. */
const MOST_COMPLAINTS = 10;

/** Sorts what the harness sees in one session into comparison, timing and complaints. */
export class Watch {
  /** Cycles in which the frames left: of the timing pass, where there is one, else of the main pass. */
  left: number[] = [];
  readonly complaints: string[] = [];
  latencyCycles: number | null = null;
  /** First cycle of the main pass. */
  mainStart = 0;
  /** At the end of the main pass, and at the end of everything. */
  main: Status | null = null;
  last: Status | null = null;
  #pass: number = PASS.main;
  #lastInput = 0;

  constructor(
    readonly comparator: Comparator,
    private readonly onFrame: (done: number) => void,
  ) {}

  observe(seen: Observation): 'go' | 'stop' {
    switch (seen.kind) {
      case 'sums':
      case 'states':
        this.comparator.rows(seen);
        break;
      case 'output':
        this.#output(seen);
        break;
      case 'input':
        this.#lastInput = seen.cycle;
        break;
      case 'mark':
        this.#pass = seen.id;
        if (seen.id === PASS.timing) this.left = [];
        if (seen.id === PASS.main) this.mainStart = seen.cycle;
        break;
      case 'fault':
        this.#complain(`${FAULT_TEXT[seen.fault]} (cycle ${seen.cycle})`);
        break;
      case 'status':
        this.main ??= seen;
        this.last = seen;
        break;
      case 'reset':
        break;
    }
    if (!this.comparator.outOfStep) return 'go';
    this.#complain('hardware and golden model are out of step; the run was ended');
    return 'stop';
  }

  /** Counts what never came and looks at flags and counters. */
  finish(): void {
    const { main } = this;
    this.comparator.finish(main?.cycle ?? this.left.at(-1) ?? 0);
    if (main === null) return;
    if (main.error || main.errorCount > 0) {
      this.#complain(`the error flag is up after good frames (error_count ${main.errorCount})`);
    }
    if (main.cycles !== main.busyCycles % 2 ** 32) {
      this.#complain(`cycles says ${main.cycles}, busy was high for ${main.busyCycles} cycles`);
    }
  }

  #output(seen: Extract<Observation, { kind: 'output' }>): void {
    if (this.#pass === PASS.latency) {
      this.latencyCycles = seen.cycle - this.#lastInput;
      return;
    }
    this.left.push(seen.cycle);
    if (this.#pass !== PASS.main) return;
    this.comparator.output(seen);
    this.onFrame(seen.sequence + 1);
  }

  #complain(text: string): void {
    if (this.complaints.length < MOST_COMPLAINTS) this.complaints.push(text);
  }
}
