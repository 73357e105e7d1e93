import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { startChild } from '../../base/child.js';
import { eachLine } from '../../base/lines.js';
import type { ModelLoad } from '../design.js';
import { type Observation, ObservationParser } from '../monitor/observations.js';
import { encodeOperation, type Operation } from './operations.js';

/** Operations go to the pipe in pieces of about this many bytes. */
const PIECE = 1 << 15;

export interface DriveOptions {
  readonly program: string;
  /** Directory of the memory images. */
  readonly directory: string;
  readonly operations: Iterable<Operation>;
  /** What puts the model on the design behind each reset, where it does not lie in ROMs. */
  readonly load?: ModelLoad | undefined;
  /** Of the values that registers start with where nothing sets them. */
  readonly seed: number;
  /** Called for each observation in order; `stop` ends the run. */
  readonly observe: (observation: Observation) => 'go' | 'stop' | undefined;
  /** What the simulation writes itself: a waveform, where the operations ask for one, or its coverage, where it counts that. */
  readonly ownFile?: string;
}

/** The simulation ended by itself before its time. */
export class SimulationEnded extends Error {
  constructor(
    message: string,
    readonly signal: string | undefined,
  ) {
    super(message);
  }
}

/**
 * Runs a simulation: operations flow in and observations flow out at the same time, neither is held as a whole.
 * @throws SimulationEnded when the simulation ends in any other way than asked for
 */
export async function drive(options: DriveOptions): Promise<void> {
  // the generator of Verilator takes 31 bits, and makes a seed of its own of 0
  const startSeed = (options.seed % (2 ** 31 - 1)) + 1;
  const ownFile = options.ownFile === undefined ? [] : [options.ownFile];
  const child = startChild({
    command: options.program,
    args: [String(startSeed), ...ownFile],
    cwd: options.directory,
    mostBytes: Number.POSITIVE_INFINITY,
  });
  const said: string[] = [];
  const complaints = eachLine(child.stderr, (line) => {
    if (said.length < 20) said.push(line.slice(0, 1000));
  });
  // The harness stops reading when it gives up: what is left to write is then of no use.
  const sent = pipeline(Readable.from(pieces(loadedFirst(options))), child.stdin).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
    },
  );
  const parser = new ObservationParser();
  let stopped = false;
  let ended = false;
  try {
    for await (const chunk of child.stdout as AsyncIterable<Uint8Array>) {
      for (const observation of parser.push(chunk)) {
        if (options.observe(observation) === 'stop') stopped = true;
        if (stopped) break;
      }
      if (stopped) break;
    }
    ended = !stopped;
  } finally {
    if (!ended) child.kill();
  }
  const [result] = await Promise.all([child.ended, sent, complaints]);
  if (stopped || result.ok) return;
  throw new SimulationEnded(
    `the simulation ended with ${result.stopped ?? result.signal ?? result.exitCode}: ${said.join('; ')}`,
    result.signal,
  );
}

function* loadedFirst({ load, operations }: DriveOptions): Generator<Operation> {
  if (load !== undefined) yield { kind: 'load', bytes: load.bytes };
  yield* operations;
}

function* pieces(operations: Iterable<Operation>): Generator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let size = 0;
  for (const operation of operations) {
    const bytes = encodeOperation(operation);
    parts.push(bytes);
    size += bytes.length;
    if (size >= PIECE) {
      yield Buffer.concat(parts);
      parts = [];
      size = 0;
    }
  }
  if (size > 0) yield Buffer.concat(parts);
}
