import type { CacheState } from './cache-state.js';
import type { Machine } from './machine.js';
import type { Found, State } from './probe.js';

const WORDS: Readonly<Record<State, string>> = {
  ok: 'ok',
  missing: 'missing',
  old: 'too old',
  silent: 'silent',
  broken: 'broken',
};

/** What is said of a tool behind its name where it is not simply there; `seconds`: how long it was waited for. */
function trouble({ state, path, oldest }: Found, seconds: number): string {
  if (state === 'old') return `${path}; ${oldest} or later works`;
  if (state === 'silent') return `${path} did not say its version within ${seconds} s`;
  return state === 'broken' ? `${path} does not say its version: install it again` : '';
}

/** The report for a person. */
export function doctorLines(
  tools: readonly Found[],
  cache: CacheState,
  machine: Machine,
  seconds: number,
): readonly string[] {
  const width = Math.max(...tools.map(({ name }) => name.length));
  const lines = (needed: boolean) =>
    tools
      .filter((tool) => tool.needed === needed)
      .flatMap((tool) => toolLines(tool, width, seconds));
  return [
    'generate and cosim need',
    ...lines(true),
    '',
    'other commands and options use',
    ...lines(false),
    '',
    ...surroundings(cache, machine),
  ];
}

function toolLines(tool: Found, width: number, seconds: number): readonly string[] {
  const { name, state, version, path, use, install, oldest } = tool;
  const head = `  ${WORDS[state].padEnd(7)}  ${name.padEnd(width)}  `;
  const indent = ' '.repeat(head.length);
  const what = state === 'ok' ? (path as string) : trouble(tool, seconds);
  return [
    `${head}${[version, what].filter((text) => text).join('  ')}`.trimEnd(),
    `${indent}${use}${oldest === null ? '' : `; ${oldest} or later`}`,
    ...(state === 'ok' ? [] : [`${indent}get it: ${install}`]),
  ];
}

function surroundings(cache: CacheState, { node, ...machine }: Machine): readonly string[] {
  const { folder, problem, builds, mostBuilds, bytes, freeBytes } = cache;
  const left = freeBytes === null ? '' : `, ${megabytes(freeBytes)} free on its disk`;
  return [
    `Node ${node.version}${node.old ? `: too old, ${node.oldest} or later works` : ''}`,
    `${machine.cores} cores, ${megabytes(machine.memoryBytes)} memory, ${megabytes(machine.freeMemoryBytes)} unused`,
    problem === null
      ? `cache ${folder}: ${builds} of ${mostBuilds} simulations, ${megabytes(bytes)}${left}`
      : `cache ${folder} cannot be used: ${problem}; set HCGS_CACHE to a folder of your own`,
  ];
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
}
