/** What may stand in the place of the sigmoid in gates: max(0, min(1, alpha x + 1/2)) is the hard one. */
export type SigmoidChoice =
  | { readonly kind: 'sigmoid' }
  | { readonly kind: 'hard-sigmoid'; readonly alpha: number };

/** What may stand in the place of tanh: max(-1, min(1, x)) is the hard one. */
export type TanhChoice = { readonly kind: 'tanh' } | { readonly kind: 'hard-tanh' };

/** The functions of a network, one in each place: they are what its tables hold. */
export interface TableFunctions {
  readonly sigmoid: SigmoidChoice;
  readonly tanh: TanhChoice;
}

export const USUAL_FUNCTIONS: TableFunctions = {
  sigmoid: { kind: 'sigmoid' },
  tanh: { kind: 'tanh' },
};

export type RealFunction = (x: number) => number;

export const exactSigmoid: RealFunction = (x) => 1 / (1 + Math.exp(-x));
export const exactTanh: RealFunction = (x) => Math.tanh(x);

const clamped = (x: number, low: number, high: number): number => Math.max(low, Math.min(high, x));

/** The real functions of a choice. */
export function functionsOf({ sigmoid, tanh }: TableFunctions): {
  readonly sigmoid: RealFunction;
  readonly tanh: RealFunction;
} {
  return {
    sigmoid:
      sigmoid.kind === 'sigmoid' ? exactSigmoid : (x) => clamped(sigmoid.alpha * x + 0.5, 0, 1),
    tanh: tanh.kind === 'tanh' ? exactTanh : (x) => clamped(x, -1, 1),
  };
}

/** A choice in words, an alpha as a float32 shows it. */
export function choiceText(choice: SigmoidChoice | TanhChoice): string {
  if (choice.kind !== 'hard-sigmoid') return choice.kind.replace('-', ' ');
  return `hard sigmoid with alpha ${Number(choice.alpha.toPrecision(DIGITS))}`;
}

/** Decimal digits that a float32 keeps. */
const DIGITS = 7;

/** What is not usual in a choice, in words; null where nothing is. */
export function functionsText({ sigmoid, tanh }: TableFunctions): string | null {
  const parts = [sigmoid, tanh]
    .filter(({ kind }) => kind !== 'sigmoid' && kind !== 'tanh')
    .map(choiceText);
  return parts.length === 0 ? null : parts.join(', ');
}

/** One choice for networks that are parts of one, or the place in which they differ: a design has one table for each. */
export function commonFunctions(
  all: readonly TableFunctions[],
): TableFunctions | { readonly differ: keyof TableFunctions } {
  const [first = USUAL_FUNCTIONS] = all;
  for (const place of ['sigmoid', 'tanh'] as const) {
    const texts = new Set(all.map((one) => JSON.stringify(one[place])));
    if (texts.size > 1) return { differ: place };
  }
  return first;
}
