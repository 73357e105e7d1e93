import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '../../base/child.js';
import { eachLine } from '../../base/lines.js';
import { parseMessage, type Task, type WorkerMessage } from './messages.js';

/** Characters of what a worker said that are kept for the log of a point. */
const KEPT = 20_000;
/** Its own children have groups of their own, so that it may look idle for hours: who hangs are they, and they are watched. */
const NEVER = 1e9;

/** How a worker ended while it had a point. */
export interface Crash {
  readonly how: string;
  /** What it said since the point began. */
  readonly said: string;
}

/** A process that runs points one after another. */
export class Worker<T extends Task> {
  readonly #child: Child;
  readonly #onMessage: (message: WorkerMessage) => void;
  readonly #ended: Promise<Crash>;
  #said = '';
  #stage = '';

  /** `module` calls `serveTasks`; `setup` is what all points share. */
  constructor(module: URL, setup: unknown, onMessage: (message: WorkerMessage) => void) {
    const entry = fileURLToPath(new URL('./worker-entry.js', import.meta.url));
    this.#onMessage = onMessage;
    this.#child = startChild({
      command: process.execPath,
      args: [entry, module.href],
      silentSeconds: NEVER,
    });
    this.#child.stdin.on('error', () => undefined);
    const read = [this.#child.stdout, this.#child.stderr].map((stream) =>
      eachLine(stream, (line) => this.#line(line)).catch(() => undefined),
    );
    this.#ended = Promise.all([this.#child.ended, ...read]).then(([{ exitCode, signal }]) => ({
      how: signal === undefined ? `exit code ${exitCode}` : `signal ${signal}`,
      said: this.#said,
    }));
    this.#send(setup);
  }

  /** Resolves when the process is gone. */
  get ended(): Promise<Crash> {
    return this.#ended;
  }

  /** The stage that the point is in, '' before the first one. */
  get stage(): string {
    return this.#stage;
  }

  run(task: T): void {
    this.#said = '';
    this.#stage = '';
    this.#send(task);
  }

  /** Ends it; resolves when it is gone. */
  async close(): Promise<void> {
    this.#child.stdin.end();
    await this.#ended;
  }

  kill(): void {
    this.#child.kill();
  }

  #send(value: unknown): void {
    this.#child.stdin.write(`${JSON.stringify(value)}\n`);
  }

  #line(line: string): void {
    const message = parseMessage(line);
    if (message === null) this.#said = `${this.#said}${line}\n`.slice(-KEPT);
    else {
      if (message.kind === 'stage') this.#stage = message.stage;
      this.#onMessage(message);
    }
  }
}
