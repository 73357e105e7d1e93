import { UserError } from '../../base/errors.js';
import type { CosimResult } from '../../cosim/cosimulate.js';
import type { CosimDesign } from '../../cosim/design.js';
import { type Fault, faultLines } from '../../cosim/inject/inject.js';
import { type Check, checksOf } from '../../cosim/scoreboard/checks.js';
import type { CommandResult } from '../frame/command.js';

/** What a co-simulation of a design with a fault made of it: the check of it, and the report. */
export interface InjectedOutcome {
  readonly checks: readonly Check[];
  readonly result: CommandResult;
}

/** Whether the fault was found: by a check, or because the simulation broke down. Faults of the user's are no finding. */
export async function injectedOutcome(
  design: CosimDesign,
  fault: Fault,
  simulation: Promise<CosimResult>,
): Promise<InjectedOutcome> {
  const by = await simulation.then(
    (result) => checksOf(design, result).find(({ failure }) => failure !== null)?.failure ?? null,
    (error: unknown) => {
      if (error instanceof UserError) throw error;
      return `the simulation broke down: ${error instanceof Error ? error.message : error}`;
    },
  );
  const found = by?.split('\n', 1)[0] ?? null;
  const [what, told] = faultLines(fault, found !== null);
  const lines = [what, told, ...(found === null ? [] : [`first: ${found}`])];
  const failure = found === null ? `${what}\n${told}` : null;
  return {
    checks: [{ name: 'injected fault', detail: what, failure }],
    result: {
      ok: found !== null,
      json: { design: design.name, injected: { ...fault, found } },
      lines,
    },
  };
}
