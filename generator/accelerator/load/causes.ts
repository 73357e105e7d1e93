/** Why a load was refused: what `load_cause` says, in the order in which a record is looked at. */
export const LOAD_CAUSES = [
  { code: 1, name: 'MAGIC', means: 'a record does not begin with HCGS' },
  { code: 2, name: 'FORMAT', means: 'a record of another format' },
  { code: 3, name: 'DESIGN', means: 'a load for another design' },
  {
    code: 4,
    name: 'ORDER',
    means: 'not the store, the word or the number of words that has to come next',
  },
  { code: 5, name: 'PLACE', means: 'no such resident place' },
  { code: 6, name: 'SUM', means: 'a wrong CRC-32' },
  { code: 7, name: 'CUT', means: 'tlast within a record' },
] as const;

/** Bits of a cause; 0 is none. */
export const CAUSE_BITS = 3;

/** The code of a cause. */
export function causeOf(name: (typeof LOAD_CAUSES)[number]['name']): number {
  return LOAD_CAUSES.find((cause) => cause.name === name)?.code ?? 0;
}
