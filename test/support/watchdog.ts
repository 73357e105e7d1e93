import { readdirSync, readFileSync } from 'node:fs';
import type { RunnerTask, TestProject } from 'vitest/node';

/** One process below the tests, as /proc has it. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Clock ticks since boot at which it started: with `pid` the name of one process for good. */
  readonly started: string;
  readonly name: string;
  /** Seconds of processor time. */
  readonly used: number;
}

/** Ticks of /proc/PID/stat in a second: Linux has shown 100 on every machine since 2.6. */
const TICKS = 100;
const EVERY_MS = 60_000;
const QUIET_CHECKS = 15;
/** Seconds of processor time that count as progress. Workers that wait use far less in a quarter of an hour. */
const PROGRESS = 1;

/**
 * Ends a run that hangs. Progress is processor time of the processes below the tests, not wall time: on a slow machine
 * everything takes longer, but something gets on. What is never done although it works all the time ends by the limit
 * of processor time in scripts/test.
 */
export default function setup({ vitest }: TestProject): () => void {
  const atWork = () => vitest.state.getFiles().flatMap((file) => [...running(file)]);
  return watch({ everyMs: EVERY_MS, quietChecks: QUIET_CHECKS, atWork });
}

/** Full names of the tests below a task that have begun and not ended. */
function* running(task: RunnerTask): Generator<string> {
  if ('tasks' in task) for (const one of task.tasks) yield* running(one);
  else if (task.result?.state === 'run') yield task.fullName;
}

/**
 * Looks after the processes below `root`, which are the workers of the tests and what they have started. After
 * `quietChecks` looks without progress it kills what they have started, so that the test that waits for it fails; where
 * that is nothing, or did not help, the workers.
 */
export function watch(given: {
  readonly everyMs: number;
  readonly quietChecks: number;
  readonly root?: number;
  readonly atWork?: () => readonly string[];
  readonly report?: (text: string) => void;
}): () => void {
  const { root = process.pid, atWork = () => [], quietChecks, everyMs } = given;
  const { report = (text) => process.stderr.write(text) } = given;
  let before = processesBelow(root);
  let quiet = 0;
  const timer = setInterval(() => {
    const now = processesBelow(root);
    if (progress(before, now) >= PROGRESS) {
      before = now;
      quiet = 0;
    } else if (now.length > 0 && ++quiet >= quietChecks) {
      const started = now.filter(({ parent }) => parent !== root);
      const victims = started.length > 0 ? started : now;
      const names = victims.map(({ pid, name }) => `${name} (${pid})`).join(', ');
      report(`\nno progress for ${(quiet * everyMs) / 1000} s, killed: ${names}\n`);
      for (const test of atWork()) report(`at work: ${test}\n`);
      for (const { pid } of [...victims].reverse()) kill(pid);
      before = now;
      quiet = 0;
    }
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Seconds of processor time that processes took between two looks; one that is new counts from its start. */
export function progress(before: readonly Process[], now: readonly Process[]): number {
  const key = ({ pid, started }: Process) => `${pid} ${started}`;
  const used = new Map(before.map((one) => [key(one), one.used]));
  return now.reduce((sum, one) => sum + one.used - (used.get(key(one)) ?? 0), 0);
}

/** All processes below one, parents before their children; none on systems without /proc. */
export function processesBelow(root: number): Process[] {
  const children = new Map<number, Process[]>();
  for (const name of list('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const one = read(Number(name));
    if (one !== null) children.set(one.parent, [...(children.get(one.parent) ?? []), one]);
  }
  const found = [...(children.get(root) ?? [])];
  // grows while it is walked
  for (const { pid } of found) found.push(...(children.get(pid) ?? []));
  return found;
}

function read(pid: number): Process | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // the name stands in brackets and may hold anything
    const [open, close] = [text.indexOf('('), text.lastIndexOf(')')];
    const fields = text.slice(close + 2).split(' ');
    const used = (Number(fields[11]) + Number(fields[12])) / TICKS;
    const [parent, started] = [Number(fields[1]), fields[19] as string];
    return { pid, parent, started, name: text.slice(open + 1, close), used };
  } catch {
    return null; // it has ended meanwhile
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}
