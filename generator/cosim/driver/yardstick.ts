import { readFileSync } from 'node:fs';
import { runChild } from '../../base/child.js';
import { packageRoot } from '../../base/package.js';
import { verilate } from '../build/verilate.js';

/**
 * Clock cycles per second of processor time that a minimal hand-written 64-MAC datapath reaches on this machine, under
 * the flags of a co-simulation: what the speed of a co-simulation is held against.
 */
export async function yardstickCyclesPerSecond(cycles = 2_000_000): Promise<number> {
  const read = (name: string) => readFileSync(`${packageRoot}tb/yardstick/${name}`, 'utf8');
  const { program } = await verilate({
    top: 'datapath64',
    verilog: new Map([['datapath64.v', read('datapath64.v')]]),
    program: new Map([['main.cpp', read('main.cpp')]]),
  });
  const { all } = await runChild({ command: program, args: [String(cycles)] });
  // beside it stands a signature of what was computed, so that nothing of it is optimised away
  const rate = Number(/^\d+$/m.exec(all)?.[0]);
  if (!(rate > 0)) throw new Error(`the yardstick printed no cycles per second: ${all}`);
  return rate;
}
