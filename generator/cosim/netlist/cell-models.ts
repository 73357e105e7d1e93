import { readdirSync, readFileSync } from 'node:fs';
import { packageRoot } from '../../base/package.js';
import { familyNamed } from '../../devices/find.js';

/** How the models of the cells of a target are given to Verilator. */
export interface CellModels {
  /** Models of tb/cells, where Yosys ships only a black box: they take the place of modules of the same name. */
  readonly own: ReadonlyMap<string, string>;
  readonly flags: readonly string[];
}

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
export function cellModels(target: string): CellModels {
  const netlist = familyNamed(target)?.netlist;
  const folder = `${packageRoot}tb/cells/${target}/`;
  const files = netlist?.ownModels ? readdirSync(folder).sort() : [];
  return {
    own: new Map(files.map((file) => [file, readFileSync(folder + file, 'utf8')])),
    flags: [...COMMON, ...(netlist?.flags ?? [])],
  };
}
