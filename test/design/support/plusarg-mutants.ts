/** A fault: what it is, the end of the name of its module, what stands there, and what is to stand there with MUTANT for the switch. */
export type Fault = readonly [what: string, module: string, from: string | RegExp, to: string];

/** Mutants of a design `dut` in one simulation of it: `+mutant=N` switches the fault N on, counted from 1. */
export function plusargMutants(faults: readonly Fault[]) {
  const hit = new Set<number>();
  return {
    edit: (file: string, text: string): string => {
      let edited = text;
      for (const [n, [, module, from, to]] of faults.entries()) {
        if (file !== `rtl/dut_${module}.v`) continue;
        const next = edited.replace(from, to.replaceAll('MUTANT', `(mutant == ${n + 1})`));
        if (next !== edited) hit.add(n);
        edited = next;
      }
      if (edited === text) return text;
      const declared =
        'integer mutant;\n  initial if (!$value$plusargs("mutant=%d", mutant)) mutant = 0;';
      return edited.replace(/^\);$/m, `);\n  ${declared}`);
    },
    /** Throws where there was nothing to replace. */
    check: (): void => {
      const missed = faults.filter((_, n) => !hit.has(n));
      if (missed.length > 0) throw new Error(`nothing to replace: ${missed.map(([what]) => what)}`);
    },
  };
}
