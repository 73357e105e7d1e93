import { join } from 'node:path';
import { keyOf, type Mutant } from '../../generator/cosim/inject/draw.js';
import type { Design } from '../../generator/design/read/read.js';
import { argued } from './equivalent.js';
import { prove } from './prove.js';
import type { Survey } from './survey.js';

/** How a survivor was settled. */
export interface Survivor {
  readonly mutant: Mutant;
  readonly equivalent: 'proved' | 'argued' | null;
  /** Why it is equivalent; empty where it is not known to be. */
  readonly why: string;
}

export interface Settled {
  readonly survey: Survey;
  readonly killed: number;
  readonly survivors: readonly Survivor[];
  /** Killed, of those not equivalent. */
  readonly share: number;
}

/** Looks every survivor up in the list of arguments, else asks Yosys for a proof; `jobs` at a time. */
export async function settle(
  design: Design,
  survey: Survey,
  { folder, jobs }: { readonly folder: string; readonly jobs: number },
): Promise<Settled> {
  const survived = survey.judged.filter(({ verdict }) => verdict.kind === 'survived');
  const survivors = new Array<Survivor>(survived.length);
  const queue = survived.entries();
  const worker = async () => {
    for (const [n, { mutant }] of queue) {
      const why = argued(mutant);
      if (why !== null) survivors[n] = { mutant, equivalent: 'argued', why };
      else if (await prove(design, mutant, join(folder, `${n}`))) {
        survivors[n] = { mutant, equivalent: 'proved', why: 'Yosys' };
      } else survivors[n] = { mutant, equivalent: null, why: '' };
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  const killed = survey.judged.length - survivors.length;
  const holes = survivors.filter(({ equivalent }) => equivalent === null).length;
  return { survey, killed, survivors, share: killed / Math.max(1, killed + holes) };
}

const of = (survivors: readonly Survivor[], how: Survivor['equivalent']) =>
  survivors.filter(({ equivalent }) => equivalent === how);

export function reportText({ survey, killed, survivors, share }: Settled, facts: Facts): string {
  const [proved, argument] = [of(survivors, 'proved'), of(survivors, 'argued')];
  const lines = survivors.map(
    ({ mutant, equivalent, why }) =>
      `  ${equivalent ?? 'SURVIVED'}${why === '' ? '' : ` (${why})`}: ${keyOf(mutant)}`,
  );
  return [
    `seed ${facts.seed}: ${survey.judged.length} mutants, ${killed} killed, ${survivors.length} survived`,
    `equivalent: ${proved.length} proved, ${argument.length} argued`,
    `drawn again: ${survey.unbuilt} that Verilator refuses, ${survey.same} of the same hardware`,
    ...lines,
    `killed ${(100 * share).toFixed(1)} % of those not equivalent, in ${Math.round(facts.seconds)} s`,
  ].join('\n');
}

export interface Facts {
  readonly seed: number;
  readonly seconds: number;
}

export function reportJson({ survey, killed, survivors, share }: Settled, facts: Facts): string {
  return JSON.stringify({
    ok: share >= 0.96,
    ...facts,
    mutants: survey.judged.length,
    killed,
    proved: of(survivors, 'proved').length,
    argued: of(survivors, 'argued').length,
    share,
    unbuilt: survey.unbuilt,
    same: survey.same,
    survivors: survivors.map(({ mutant, equivalent, why }) => ({ ...mutant, equivalent, why })),
  });
}
