import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { smallDesign } from './support/small-design.js';

interface Netlist {
  readonly cells: Readonly<
    Record<
      string,
      { readonly type: string; readonly connections: Readonly<Record<string, readonly unknown[]>> }
    >
  >;
  readonly netnames: Readonly<Record<string, unknown>>;
}

let folder: string;
let directory: string;

/** The modules below the top, each by itself as the standard-cell flow keeps them. */
async function netlist(trace?: 0 | 1): Promise<readonly Netlist[]> {
  const sources = readdirSync(join(directory, 'rtl')).filter((name) => name.endsWith('.v'));
  const file = join(folder, 'netlist.json');
  const script = [
    ...sources.map((name) => `read_verilog rtl/${name}`),
    ...(trace === undefined ? [] : [`chparam -set TRACE ${trace} tiny`]),
    'hierarchy -check -top tiny',
    'proc; opt -full; opt_clean -purge',
    `write_json ${file}`,
  ].join('; ');
  await execa('yosys', ['-q', '-p', script], { cwd: directory });
  const { modules } = JSON.parse(readFileSync(file, 'utf8')) as {
    modules: Record<string, Netlist>;
  };
  return Object.values(modules);
}

/** Bits of all registers. */
const registers = (modules: readonly Netlist[]): number =>
  modules
    .flatMap(({ cells }) => Object.values(cells))
    .filter(({ type }) => /^\$(s|a)?dff(e|sr|ce)*$/.test(type))
    .reduce((bits, { connections }) => bits + (connections.Q?.length ?? 0), 0);

/** Signals of the blocks that the trace alone needs. */
const traced = (modules: readonly Netlist[]): readonly string[] =>
  modules
    .flatMap(({ netnames }) => Object.keys(netnames))
    .filter((name) => name.startsWith('g_trace.'));

describe('the trace in the netlist of a design', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hcgs-trace-'));
    directory = await smallDesign(folder, 'tiny');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is not there unless it is asked for', async () => {
    const [plain, off, on] = [await netlist(), await netlist(0), await netlist(1)];
    expect(traced(plain)).toEqual([]);
    expect(traced(on)).not.toEqual([]);
    expect(registers(plain)).toBeGreaterThan(100);
    expect(registers(plain)).toBe(registers(off));
    expect(registers(on)).toBeGreaterThan(registers(off));
  });
});
