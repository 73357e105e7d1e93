import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporary } from '../../base/cleanup.js';
import { UserError } from '../../base/errors.js';
import { harnessSource } from '../build/harness.js';
import type { CosimDesign } from '../design.js';
import { changed, draw, type Mutant } from './draw.js';
import { elaborated } from './elaborate.js';

/** A fault that was put into the Verilog of a design on purpose. */
export interface Fault {
  readonly seed: number;
  /** File of the design, and its line. */
  readonly file: string;
  readonly line: number;
  readonly kind: string;
  /** The text that was replaced, white space reduced, and what stands there now. */
  readonly from: string;
  readonly to: string;
}

/** A design with one fault. */
export interface Injected<D extends CosimDesign> {
  readonly design: D;
  readonly fault: Fault;
}

/**
 * Puts one random fault into the Verilog of a design: an operator, a constant, a part of a word, a reset, a condition, an
 * operand. Faults that Verilator refuses, and those that are the same hardware as far as it sees, are passed over.
 * @throws UserError NO_FAULT where no fault is left
 */
export async function injected<D extends CosimDesign>(
  design: D,
  seed: number,
): Promise<Injected<D>> {
  const folder = mkdtempSync(join(tmpdir(), 'hcgs-inject-'));
  const removed = temporary(folder);
  const made = (verilog: ReadonlyMap<string, string>, name: string) =>
    elaborated(harnessSource({ ...design, verilog }), join(folder, name));
  try {
    const original = await made(design.verilog, 'original');
    let tried = 0;
    for (const mutant of draw(design.verilog, seed)) {
      tried++;
      const text = design.verilog.get(mutant.module) as string;
      const verilog = new Map([...design.verilog, [mutant.module, changed(text, mutant)] as const]);
      const now = await made(verilog, `fault-${tried}`);
      if (now === null || now === original) continue;
      return { design: { ...design, verilog }, fault: faultOf(text, mutant, seed) };
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
    removed();
  }
  throw new UserError({
    code: 'NO_FAULT',
    message: `${design.name}: there is no fault to inject into its Verilog`,
  });
}

function faultOf(text: string, { module, kind, start, from, to }: Mutant, seed: number): Fault {
  const line = text.slice(0, start).split('\n').length;
  return { seed, file: `rtl/${module}`, line, kind, from, to: to.replace(/\s+/g, ' ') };
}

/** The fault for a person, and whether it was found. */
export function faultLines(
  { file, line, kind, from, to, seed }: Fault,
  found: boolean,
): readonly [what: string, told: string] {
  const told = found
    ? 'found: the co-simulation differs, as it must'
    : `not found: these frames do not tell it from the design, if anything does; more of them may (--random N), or another fault (--inject ${seed + 1})`;
  return [`injected into ${file}, line ${line} (${kind}): ${from} -> ${to}`, told];
}
