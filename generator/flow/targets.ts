import { isPlaced } from '../devices/family.js';
import { FAMILIES } from '../devices/registry.js';
import { asicTarget } from './asic/target.js';
import { fpgaTarget } from './fpga/fpga.js';
import { synthesisTarget } from './fpga/synthesis-target.js';
import type { RunTarget } from './target.js';

/** Every target of `hcgs synth`: the families of FPGAs, and standard cells. */
const TARGETS: ReadonlyMap<string, RunTarget> = new Map([
  ...FAMILIES.map(
    (family) =>
      [family.name, isPlaced(family) ? fpgaTarget(family) : synthesisTarget(family)] as const,
  ),
  ['asic', asicTarget] as const,
]);

export const TARGET_NAMES: readonly string[] = [...TARGETS.keys()];

/** The target of a name out of `TARGET_NAMES`. */
export function targetNamed(name: string): RunTarget {
  const target = TARGETS.get(name);
  if (target === undefined) throw new RangeError(`no target ${name}`);
  return target;
}
