import { readdirSync, readFileSync } from 'node:fs';
import { packageRoot } from '../../base/package.js';
import type { NetlistTarget } from './netlist.js';

/** How the models of the cells of a target are given to Verilator. */
export interface CellModels {
  /** Models of tb/cells, where Yosys ships only a black box: they take the place of modules of the same name. */
  readonly own: ReadonlyMap<string, string>;
  readonly flags: readonly string[];
}

/**
 * Flags for the cell library that Yosys ships for a target.
 * ECP5: pins that a mode does not use are left open in the netlist. iCE40: the library gives some pins a default, in a
 * syntax that Verilator 5.006 does not read; so the defaults are left away and an open pin is an error.
 */
const FLAGS: Readonly<Record<NetlistTarget, readonly string[]>> = {
  ecp5: ['-DNO_INCLUDES', '-Wno-PINMISSING', '-Wno-MODDUP', '-Wno-INITIALDLY'],
  ice40: ['-DNO_ICE40_DEFAULT_ASSIGNMENTS', '-Werror-PINMISSING', '-Wno-TIMESCALEMOD'],
  generic: [],
};

/**
 * A netlist that was not made bit by bit has vectors that drive themselves; these settle within a few rounds for each bit.
 * Verilator 5.006 gets some trees of single-bit operations wrong when it rewrites them: seen on a netlist of gates, which
 * Icarus and Verilator without that step simulate alike.
 */
const COMMON = [
  '-Wno-WIDTH',
  '-Wno-UNOPTFLAT',
  ...['--converge-limit', '10000'],
  '-fno-const-bit-op-tree',
];

/** Models and flags of a target. */
export function cellModels(target: NetlistTarget): CellModels {
  const folder = `${packageRoot}tb/cells/${target}/`;
  const files = target === 'ecp5' ? readdirSync(folder).sort() : [];
  return {
    own: new Map(files.map((file) => [file, readFileSync(folder + file, 'utf8')])),
    flags: [...COMMON, ...FLAGS[target]],
  };
}
