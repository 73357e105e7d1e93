import { availableParallelism } from 'node:os';
import { parentPort, Worker, workerData } from 'node:worker_threads';

interface Job<Task, Result> {
  readonly task: Task;
  readonly done: (result: Result) => void;
  readonly failed: (error: Error) => void;
}

type Answer<Result> = { readonly result: Result } | { readonly error: string };

/** Processors that this process may use. */
export const PROCESSORS = availableParallelism();

/**
 * Threads that do tasks of one kind. `module` is the address of the module that calls `serve`; `shared` is what every
 * task needs, copied once to each thread unless it lies in shared memory.
 */
export class Pool<Task, Result> {
  readonly #free: Worker[];
  readonly #all: readonly Worker[];
  readonly #waiting: Job<Task, Result>[] = [];

  constructor(module: URL, shared: unknown, size = PROCESSORS) {
    const entry = new URL('./pool-entry.js', import.meta.url);
    this.#all = Array.from({ length: size }, () => {
      const worker = new Worker(entry, { workerData: { module: module.href, shared } });
      worker.setMaxListeners(0);
      return worker;
    });
    this.#free = [...this.#all];
  }

  /** Does the task as soon as a thread is free. */
  run(task: Task): Promise<Result> {
    return new Promise((done, failed) => {
      this.#waiting.push({ task, done, failed });
      this.#next();
    });
  }

  /** Ends all threads; tasks that are not done never will be. */
  async close(): Promise<void> {
    await Promise.all(this.#all.map((worker) => worker.terminate()));
  }

  #next(): void {
    const worker = this.#free.at(-1);
    const job = worker && this.#waiting.shift();
    if (worker === undefined || job === undefined) return;
    this.#free.pop();
    const settle = (how: () => void) => {
      worker.off('message', onMessage).off('error', onError);
      how();
    };
    const onMessage = (answer: Answer<Result>) => {
      settle(() => {
        this.#free.push(worker);
        if ('result' in answer) job.done(answer.result);
        else job.failed(new Error(answer.error));
        this.#next();
      });
    };
    const onError = (error: Error) => settle(() => job.failed(error));
    worker.on('message', onMessage).on('error', onError);
    worker.postMessage(job.task);
  }
}

/** In a module of a pool: how a task is done. */
export function serve<Shared, Task, Result>(
  prepare: (shared: Shared) => (task: Task) => Result,
): void {
  const port = parentPort;
  if (port === null) throw new Error('this module runs in a thread of a pool');
  const work = prepare((workerData as { readonly shared: Shared }).shared);
  port.on('message', (task: Task) => {
    try {
      port.postMessage({ result: work(task) } satisfies Answer<Result>);
    } catch (error) {
      port.postMessage({
        error: (error instanceof Error && error.stack) || String(error),
      } satisfies Answer<Result>);
    }
  });
}

/** The module beside `importer` of that name: as it was built, or its source where the program runs from it. */
export function moduleBeside(importer: string, name: string): URL {
  return new URL(`./${name}${importer.endsWith('.ts') ? '.ts' : '.js'}`, importer);
}
