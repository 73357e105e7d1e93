import { PROBE, runChild } from '../../base/child.js';
import type { Source } from '../../devices/tool.js';
import { startOf } from '../../flow/tools/tools.js';
import type { Wanted } from './wanted.js';

/**
 * What became of a tool: `ok`; `missing`: no such program; `old`: older than what works; `silent`: it did not answer in
 * time; `broken`: it is there and does not say what it is.
 */
export const STATES = ['ok', 'missing', 'old', 'silent', 'broken'] as const;
export type State = (typeof STATES)[number];

/** A tool, and what was found of it. */
export interface Found extends Pick<Wanted, 'name' | 'needed' | 'oldest' | 'use' | 'install'> {
  readonly state: State;
  /** The program, or the npm package in which it is; null where it is missing. */
  readonly path: string | null;
  /** Null where it says none. */
  readonly version: string | null;
}

type Answer = Pick<Found, 'state' | 'path' | 'version'>;

const MISSING: Answer = { state: 'missing', path: null, version: null };

/** Asks all tools at once for their versions; each has so many seconds for it. */
export function probeTools(wanted: readonly Wanted[], seconds: number): Promise<readonly Found[]> {
  return Promise.all(wanted.map((tool) => probe(tool, seconds)));
}

/** The first of its sources that works; where none does, what is wrong with the first that is there. */
async function probe(wanted: Wanted, seconds: number): Promise<Found> {
  const { name, needed, oldest, use, install } = wanted;
  let best = MISSING;
  for (const source of wanted.sources) {
    const answer = await ask(source, wanted, seconds);
    if (best.state === 'missing' || answer.state === 'ok') best = answer;
    if (answer.state === 'ok') break;
  }
  return { name, needed, oldest, use, install, ...best };
}

async function ask(source: Source, wanted: Wanted, seconds: number): Promise<Answer> {
  const start = startOf(source, process.env);
  if (start === null) return MISSING;
  const path = 'npm' in source ? `npm package ${source.npm}` : start.command;
  const ended = await runChild({
    ...{ ...PROBE, seconds },
    ...{ command: start.command, args: [...start.prefix, ...wanted.arguments] },
  });
  if (ended.stopped === 'time') return { state: 'silent', path, version: null };
  const said = ended.stopped === null ? wanted.version.exec(ended.all) : null;
  if (said === null) return { state: 'broken', path, version: null };
  const version = said[1] ?? null;
  const { oldest } = wanted;
  const old = oldest !== null && version !== null && isOlder(version, oldest);
  return { state: old ? 'old' : 'ok', path, version };
}

/** Whether a release comes before another one: numbers between dots, by their value. */
export function isOlder(version: string, than: string): boolean {
  const [own, other] = [version, than].map((text) => text.split('.').map((n) => parseInt(n, 10)));
  for (const [n, wanted] of (other as number[]).entries()) {
    const has = (own as number[])[n] ?? 0;
    if (has !== wanted) return has < wanted;
  }
  return false;
}
