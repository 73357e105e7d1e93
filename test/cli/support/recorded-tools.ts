import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { vi } from 'vitest';

/** Cells of a design that fits the smaller devices. */
export const FITTING = { SB_LUT4: 1900, SB_DFF: 2100, SB_RAM40_4K: 10, SB_MAC16: 3 };

/**
 * Programs in `folder`/bin, first in PATH, that leave what the real ones left once, in no time, of a design `tiny`; the placer says
 * what it was asked for. They go with `vi.unstubAllEnvs`.
 */
export function recordedTools(
  folder: string,
  target: 'ecp5' | 'ice40',
  cells: Readonly<Record<string, number>>,
): void {
  const bin = join(folder, 'bin');
  rmSync(bin, { recursive: true, force: true });
  mkdirSync(bin);
  const build = `flow/build/${target}`;
  const stat = { modules: { '\\tiny': { num_cells_by_type: cells } } };
  writeFileSync(join(bin, 'stat.json'), JSON.stringify(stat));
  writeFileSync(join(bin, 'netlist.json'), JSON.stringify({ modules: { tiny: { cells: {} } } }));
  const report = resolve(`test/flow/recorded/nextpnr-${target}.json`);
  script(
    join(bin, 'yosys'),
    `[ "$1" = -V ] && echo "Yosys 0.0" && exit
cp ${bin}/stat.json ${build}/stat.json; cp ${bin}/netlist.json ${build}/tiny.json`,
  );
  script(
    join(bin, `nextpnr-${target}`),
    `[ "$1" = --version ] && echo "(Version 0.0)" && exit
echo "$*"; cp ${report} ${build}/report.json.tried; : > ${build}/tiny.asc.tried`,
  );
  vi.stubEnv('PATH', `${bin}:/usr/bin:/bin`);
  // something that is no packer
  script(join(bin, 'icepack'), 'exit 1');
}

/** A shell script that can be run. */
export function script(path: string, body: string): void {
  writeFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}
