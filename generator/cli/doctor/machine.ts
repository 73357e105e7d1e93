import { readFileSync } from 'node:fs';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { packageRoot } from '../../base/package.js';
import { isOlder } from './probe.js';

/** What the program runs on. */
export interface Machine {
  readonly node: { readonly version: string; readonly oldest: string; readonly old: boolean };
  /** Processors that this process may use. */
  readonly cores: number;
  /** Bytes: all, or the limit of a container; and what nobody uses. */
  readonly memoryBytes: number;
  readonly freeMemoryBytes: number;
}

export function machineState(): Machine {
  const version = process.versions.node;
  const oldest = oldestNode();
  const limit = process.constrainedMemory() || totalmem();
  return {
    node: { version, oldest, old: isOlder(version, oldest) },
    cores: availableParallelism(),
    memoryBytes: Math.min(limit, totalmem()),
    freeMemoryBytes: Math.min(freemem(), limit),
  };
}

/** As package.json states it: `>=20.19`. */
function oldestNode(): string {
  const { engines } = JSON.parse(readFileSync(`${packageRoot}package.json`, 'utf8')) as {
    readonly engines: { readonly node: string };
  };
  return engines.node.replace(/^\D+/, '');
}
