import { join } from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../../generator/base/package.js';
import type { Row } from './row.js';

const RATIO = 2;
/** The best of so many fresh processes on each side, in turn. */
const ROUNDS = 5;

/**
 * Emits one design in a process of its own, with or without source lines, and prints the milliseconds of processor
 * time, which other work on the machine does not lengthen.
 */
const SCRIPT = `
const [dist, file, source] = process.argv.slice(1);
const { readFileSync } = await import('node:fs');
const { designSignals, emitVerilog, planDesign } = await import(dist + '/accelerator/index.js');
const { parseModel } = await import(dist + '/network/compressed-model.js');
const model = parseModel(readFileSync(file), file);
const { configuration } = planDesign(model, { name: 'bench', macs: 64 });
const started = process.cpuUsage();
emitVerilog(configuration, { source: source === 'yes' });
if (source === 'yes') designSignals(configuration, true);
const { user, system } = process.cpuUsage(started);
console.log((user + system) / 1000);
`;

/** Time from a configuration to its Verilog with source lines, comments and signal map, against the Verilog alone. */
export async function sourceLines(modelFile: string): Promise<Row> {
  const best = { yes: Number.POSITIVE_INFINITY, no: Number.POSITIVE_INFINITY };
  for (let i = 0; i < ROUNDS; i++) {
    for (const side of ['no', 'yes'] as const) {
      const args = [join(packageRoot, 'dist'), modelFile, side];
      const { stdout } = await execa(process.execPath, [
        '--input-type=module',
        '-e',
        SCRIPT,
        ...args,
      ]);
      best[side] = Math.min(best[side], Number(stdout));
    }
  }
  const ratio = best.yes / best.no;
  return {
    what: 'Verilog with source lines, 3 x 512, 64 MACs, ms of processor time',
    measured: `${best.yes.toFixed(0)}; without ${best.no.toFixed(0)}, ratio ${ratio.toFixed(2)}`,
    target: `ratio below ${RATIO}`,
    ok: ratio < RATIO,
    values: { located: best.yes, plain: best.no, ratio, target: RATIO },
  };
}
