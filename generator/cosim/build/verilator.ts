import { join } from 'node:path';
import { cacheRoot } from '../../base/cache-root.js';
import { PROBE, refuseStopped, runChild } from '../../base/child.js';
import { UserError } from '../../base/errors.js';
import { inCheckout } from '../../base/package.js';
import { rootHint, wordsOf } from './build-failure.js';

/** Oldest Verilator release that the emitted Verilog and the harness are tested with. */
export const OLDEST_VERILATOR = '5.006';

/** The installed Verilator. */
export interface Verilator {
  readonly command: string;
  /** Release number, e.g. `5.006`. */
  readonly version: string;
  /** The whole line of `verilator --version`, part of the key of every cached build. */
  readonly banner: string;
}

/**
 * Finds Verilator on the PATH.
 * @throws UserError VERILATOR_MISSING, VERILATOR_TOO_OLD, TOOL_HANGS, TOOL_FLOODS, TOOL_KILLED
 */
export async function findVerilator(command = 'verilator'): Promise<Verilator> {
  const ended = await runChild({ command, args: ['--version'], ...PROBE });
  refuseStopped(ended);
  const banner = ended.all.trim();
  const version = /Verilator\s+(\d+\.\d+)/.exec(banner)?.[1];
  if (!ended.ok || version === undefined) {
    throw new UserError({
      code: 'VERILATOR_MISSING',
      message: `co-simulation needs Verilator ${OLDEST_VERILATOR} or later, and '${command}' does not run; ${inCheckout ? 'scripts/setup installs it' : "Debian's package verilator has it"}`,
      details: [...wordsOf(ended.all), ...rootHint()],
      expected: `Verilator ${OLDEST_VERILATOR} or later`,
      got: 'no Verilator',
    });
  }
  if (compareReleases(version, OLDEST_VERILATOR) < 0) {
    throw new UserError({
      code: 'VERILATOR_TOO_OLD',
      message: `Verilator ${version} is too old: ${OLDEST_VERILATOR} and later work`,
      expected: `Verilator ${OLDEST_VERILATOR} or later`,
      got: version,
    });
  }
  return { command, version, banner };
}

/**
 * Environment in which compiler calls go through ccache where it is installed. Its files are in the cache of this program,
 * 1 GB at most, so that nothing is left elsewhere and a home that cannot be written does no harm; what the user has set
 * for it counts.
 */
export async function objectCache(): Promise<Readonly<Record<string, string>>> {
  const { ok } = await runChild({ command: 'ccache', args: ['--version'], ...PROBE });
  if (!ok) return {};
  const { CCACHE_DIR = join(cacheRoot(), 'ccache'), CCACHE_MAXSIZE = '1G' } = process.env;
  return { OBJCACHE: 'ccache', CCACHE_DIR, CCACHE_MAXSIZE };
}

function compareReleases(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number)) as [number[], number[]];
  return (left[0] as number) - (right[0] as number) || (left[1] as number) - (right[1] as number);
}
