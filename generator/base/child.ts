import { spawnSync } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { execa } from 'execa';
import { UserError } from './errors.js';
import { groupEnded, groupStarted, groupTicks, signalGroup } from './process-group.js';

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Bytes after which the child is stopped; default 1 GB. */
  readonly mostBytes?: number;
  /** Wall time after which it is stopped, for what answers at once; default: none. */
  readonly seconds?: number;
  /** Seconds without output and without use of the processor after which it is stopped; default 600. */
  readonly silentSeconds?: number;
}

/** Why this program stopped a child, or `null`: it ended by itself. */
export type Stopped = 'time' | 'silence' | 'flood' | null;

/** How a child ended. */
export interface Ended {
  readonly command: string;
  readonly args: readonly string[];
  /** It was there, ran to its end and said that all is well. */
  readonly ok: boolean;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stopped: Stopped;
}

/** A program at work, as the leader of a process group of its own: all it starts ends with it. */
export interface Child {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when it and its streams have ended, in whatever way. */
  readonly ended: Promise<Ended>;
  readonly kill: () => void;
}

const MOST_BYTES = 1e9;
const SILENT_SECONDS = 600;

/**
 * Starts a program. Its whole process group ends when it ends, when this program is interrupted or leaves, and when it
 * hangs or floods: a tool that neither says anything nor computes is not at work. The streams have to be read.
 */
export function startChild(options: ChildOptions): Child {
  const {
    command,
    args,
    cwd,
    env,
    mostBytes = MOST_BYTES,
    silentSeconds = SILENT_SECONDS,
  } = options;
  const child = execa(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...env },
    detached: true,
    cleanup: false,
    buffer: false,
    reject: false,
  });
  const { pid } = child;
  let stopped: Stopped = null;
  const kill = (): void => {
    if (pid !== undefined) signalGroup(pid, 'SIGKILL');
  };
  const stop = (why: Stopped): void => {
    stopped ??= why;
    kill();
  };
  let bytes = 0;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Uint8Array) => {
      bytes += chunk.length;
      if (bytes > mostBytes) stop('flood');
    });
    stream.pause(); // counting is no reading: the reader sets the pace
  }
  if (pid !== undefined) {
    groupStarted(pid);
    child.once('exit', () => groupEnded(pid));
  }
  const limit = setTimeout(() => stop('time'), 1000 * (options.seconds ?? 1e6));
  const watch = watchSilence(
    pid ?? 0,
    silentSeconds,
    () => bytes,
    () => stop('silence'),
  );
  const ended = (async () => {
    const { exitCode, signal, failed } = await child;
    clearTimeout(limit);
    clearInterval(watch);
    return { command, args, ok: !failed && stopped === null, exitCode, signal, stopped };
  })();
  return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, ended, kill };
}

function watchSilence(
  leader: number,
  seconds: number,
  bytes: () => number,
  hangs: () => void,
): NodeJS.Timeout {
  let last = '';
  let since = performance.now();
  const look = (): void => {
    const ticks = groupTicks(leader);
    const now = `${bytes()} ${ticks}`;
    if (now !== last || ticks === null) [last, since] = [now, performance.now()];
    else if (performance.now() - since > 1000 * seconds) hangs();
  };
  return setInterval(look, Math.min(5000, 250 * seconds)).unref();
}

/** What a short run said. */
export interface Said extends Ended {
  /** Both streams as they came; the end is missing where it is longer than was asked for. */
  readonly all: string;
}

/** Runs a program without input to its end; `keep` bytes of what it says are kept, the first ones. */
export async function runChild(options: ChildOptions, keep = 1 << 20): Promise<Said> {
  const child = startChild(options);
  child.stdin.on('error', () => undefined);
  child.stdin.end();
  const pieces: Uint8Array[] = [];
  let size = 0;
  const read = async (stream: Readable): Promise<void> => {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      if (size < keep) pieces.push(chunk.subarray(0, keep - size));
      size += chunk.length;
    }
  };
  await Promise.all(
    [read(child.stdout), read(child.stderr)].map((end) => end.catch(() => undefined)),
  );
  return { ...(await child.ended), all: Buffer.concat(pieces).toString('utf8') };
}

/** Limits of a question that every tool answers at once, such as `--version`. */
export const PROBE = { seconds: 120, mostBytes: 1 << 20 } as const;

/**
 * Says what went wrong with a tool that did not end by itself.
 * @throws UserError TOOL_HANGS, TOOL_FLOODS, TOOL_KILLED
 */
export function refuseStopped({ command, args, stopped, signal }: Ended, log?: string): void {
  const line = [command, ...args.slice(0, 1)].join(' ');
  const [code, what] =
    stopped === 'flood'
      ? ['TOOL_FLOODS', 'it said far more than it should']
      : stopped !== null
        ? ['TOOL_HANGS', 'it neither ended nor did anything for minutes']
        : [
            'TOOL_KILLED',
            `it was ended by ${signal}, which also a machine without memory left does`,
          ];
  if (stopped === null && signal === undefined) return;
  throw new UserError({
    code,
    message: `${line} was stopped: ${what}; try it by itself, and install it again if it does the same`,
    details: log === undefined ? [] : [`its log is ${log}`],
    ...(log === undefined ? {} : { file: log }),
    field: command,
  });
}

/** What a script may use. */
export interface ScriptLimits {
  /** Seconds of processor time. */
  readonly seconds: number;
  /** Milliseconds by the clock, for one that sleeps. */
  readonly wallTime: number;
  /** Bytes that it may write. */
  readonly mostBytes: number;
}

/** Errors of a script that could not even start. */
const NOT_STARTED: readonly string[] = ['ENOENT', 'EACCES', 'EAGAIN', 'ENOMEM'];

/**
 * Gives `input` to a script of this program in a process of its own, and waits for what it writes: for libraries that a
 * file of a stranger can crash or keep busy for ever. Null where it fails or reaches a limit.
 */
export function scriptOutput(
  script: string,
  args: readonly string[],
  input: Uint8Array,
  { seconds, wallTime, mostBytes }: ScriptLimits,
): Buffer | null {
  const limited = `ulimit -t ${seconds}; exec "$0" "$@"`;
  const words = ['-c', limited, process.execPath, script, ...args];
  const { stdout, status, error } = spawnSync('/bin/sh', words, {
    input,
    env: { PATH: process.env.PATH },
    stdio: ['pipe', 'pipe', 'ignore'],
    maxBuffer: mostBytes,
    timeout: wallTime,
    killSignal: 'SIGKILL',
  });
  if (NOT_STARTED.includes((error as NodeJS.ErrnoException | undefined)?.code ?? '')) throw error;
  return status === 0 ? stdout : null;
}
