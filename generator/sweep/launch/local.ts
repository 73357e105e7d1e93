import { UserError } from '../../base/errors.js';
import { availableMb } from './memory.js';
import type { Task } from './messages.js';
import { TaskQueue } from './queue.js';
import { type Crash, Worker } from './worker.js';

/** Points to run on this machine. */
export interface LocalJob<T extends Task> {
  /** Calls `serveTasks`. */
  readonly module: URL;
  /** What all points share. */
  readonly setup: unknown;
  /** Points that share a network stand together. */
  readonly groups: readonly (readonly T[])[];
  /** Processes at a time. */
  readonly workers: number;
  /** Megabytes that one takes at most; while less is free, no further point begins beside those that run. */
  readonly workerMb: number;
  readonly onDone: (task: T) => void;
  /** A process ended in the middle of a stage of a point. */
  readonly onCrash: (task: T, stage: string, crash: Crash) => Promise<void>;
  /** No point begins once it says no. */
  readonly goesOn: () => boolean;
}

/** Processes in a row that may end before they did anything. */
const MOST_STILLBORN = 3;

/**
 * Runs points in processes that take many each. A process that ends in the middle of a point takes that point alone with it.
 * @throws UserError SWEEP_WORKER where processes end before they do anything; what a worker calls fatal
 */
export async function runLocal<T extends Task>(job: LocalJob<T>): Promise<void> {
  const queue = new TaskQueue(job.groups);
  const count = job.groups.reduce((sum, group) => sum + group.length, 0);
  const crew = new Crew(job, queue);
  await Promise.all(Array.from({ length: Math.min(job.workers, count) }, () => crew.member()));
  if (crew.fatal !== null) throw crew.fatal;
}

class Crew<T extends Task> {
  readonly #job: LocalJob<T>;
  readonly #queue: TaskQueue<T>;
  #busy = 0;
  #stillborn = 0;
  #waiting: (() => void)[] = [];
  fatal: Error | null = null;

  constructor(job: LocalJob<T>, queue: TaskQueue<T>) {
    this.#job = job;
    this.#queue = queue;
  }

  /** One process after another, until no point is left. */
  async member(): Promise<void> {
    for (;;) {
      const name = {};
      const first = await this.#next(name);
      if (first === undefined) return;
      await this.#life(name, first);
      this.#queue.release(name);
    }
  }

  async #next(name: object): Promise<T | undefined> {
    for (;;) {
      if (this.fatal !== null || !this.#job.goesOn()) return undefined;
      const roomy = this.#busy === 0 || availableMb() >= this.#job.workerMb / 2;
      if (roomy) return this.#queue.next(name);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** The life of a process: from its first point to the last one, or to a crash. */
  async #life(name: object, first: T): Promise<void> {
    const { module, setup, onDone, onCrash } = this.#job;
    let tell: (said: 'done' | 'fatal') => void = () => undefined;
    const worker = new Worker<T>(module, setup, (message) => {
      if (message.kind === 'fatal') this.fatal ??= new UserError(message.report);
      if (message.kind !== 'stage') tell(message.kind);
    });
    for (let task: T | undefined = first; task !== undefined; task = await this.#next(name)) {
      const said = new Promise<'done' | 'fatal'>((resolve) => {
        tell = resolve;
      });
      this.#busy++;
      worker.run(task);
      const end = await Promise.race([said, worker.ended]);
      this.#busy--;
      for (const wake of this.#waiting.splice(0)) wake();
      if (typeof end === 'object') {
        if (worker.stage !== '') return onCrash(task, worker.stage, end);
        this.#queue.putBack(name, task); // no point has begun: it is none of its faults
        if (++this.#stillborn >= MOST_STILLBORN) this.#giveUp(end);
        return;
      }
      this.#stillborn = 0;
      if (end === 'done') onDone(task);
    }
    await worker.close();
  }

  #giveUp({ how, said }: Crash): void {
    this.fatal ??= new UserError({
      code: 'SWEEP_WORKER',
      message: `processes that run points end before they do anything (${how})`,
      details: said === '' ? [] : said.trimEnd().split('\n'),
    });
  }
}
