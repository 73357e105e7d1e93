import type { Mutant } from '../../generator/cosim/inject/draw.js';
import type { Verdict } from './judge.js';

/** A mutant that counts, and what became of it. */
export interface Judged {
  readonly mutant: Mutant;
  readonly verdict: Extract<Verdict, { kind: 'killed' | 'survived' }>;
}

export interface Survey {
  /** In the order in which they were drawn. */
  readonly judged: readonly Judged[];
  /** Drawn and left: Verilator refuses them, or they are the same hardware. */
  readonly unbuilt: number;
  readonly same: number;
}

/**
 * Judges mutants until `count` of them are killed or have survived, `jobs` at a time. Which ones count depends on the
 * order of the draw alone, not on which is judged first.
 */
export async function survey(
  drawn: Iterable<Mutant>,
  judge: (mutant: Mutant) => Promise<Verdict>,
  { count, jobs }: { readonly count: number; readonly jobs: number },
  onVerdict: (mutant: Mutant, verdict: Verdict) => void = () => undefined,
): Promise<Survey> {
  const source = drawn[Symbol.iterator]();
  const verdicts: { readonly mutant: Mutant; verdict: Verdict | null }[] = [];
  const counts = (kind: Verdict['kind']) =>
    verdicts.filter(({ verdict }) => verdict?.kind === kind).length;
  const wanting = () =>
    verdicts.length - counts('unbuilt') - counts('same') < count ? source.next() : null;
  const worker = async () => {
    for (let next = wanting(); next !== null && !next.done; next = wanting()) {
      const one: (typeof verdicts)[number] = { mutant: next.value, verdict: null };
      verdicts.push(one);
      one.verdict = await judge(one.mutant);
      onVerdict(one.mutant, one.verdict);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  const judged = verdicts.flatMap(({ mutant, verdict }) =>
    verdict?.kind === 'killed' || verdict?.kind === 'survived' ? [{ mutant, verdict }] : [],
  );
  return { judged, unbuilt: counts('unbuilt'), same: counts('same') };
}
