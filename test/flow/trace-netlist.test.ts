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

/** The flat netlist below a module, parameters as given; memories stay memories. */
async function netlist(top: string, trace?: 0 | 1): Promise<Netlist> {
  const sources = readdirSync(join(directory, 'rtl')).filter((name) => name.endsWith('.v'));
  const file = join(folder, 'netlist.json');
  const script = [
    ...sources.map((name) => `read_verilog rtl/${name}`),
    ...(trace === undefined ? [] : [`chparam -set TRACE ${trace} ${top}`]),
    `hierarchy -check -top ${top}`,
    'proc; flatten; opt -full; opt_clean -purge',
    `write_json ${file}`,
  ].join('; ');
  await execa('yosys', ['-q', '-p', script], { cwd: directory });
  const { modules } = JSON.parse(readFileSync(file, 'utf8')) as {
    modules: Record<string, Netlist>;
  };
  return modules[top] as Netlist;
}

/** Bits of all registers. */
const registers = ({ cells }: Netlist): number =>
  Object.values(cells)
    .filter(({ type }) => /^\$(a|s)?dffe?$|^\$sdff(e|ce)$/.test(type))
    .reduce((bits, { connections }) => bits + (connections.Q?.length ?? 0), 0);

const traced = ({ netnames }: Netlist): readonly string[] =>
  Object.keys(netnames).filter((name) => name.includes('trace'));

describe('the trace in the netlist', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hcgs-trace-'));
    directory = await smallDesign(folder, 'tiny');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is not there in the top as it goes into a chip', async () => {
    expect(traced(await netlist('tiny'))).toEqual([]);
  });

  test('costs registers where it is asked for, and only there', async () => {
    const [without, off, on] = [
      await netlist('tiny'),
      await netlist('tiny', 0),
      await netlist('tiny_core', 1),
    ];
    expect(registers(without)).toBeGreaterThan(100);
    expect(registers(off)).toBe(registers(without));
    expect(registers(on)).toBeGreaterThan(registers(without));
    expect(traced(on)).not.toEqual([]);
  });
});
