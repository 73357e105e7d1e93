/** Data of any kind of pattern as that of HCGS. @throws RangeError where it is of another kind */
export function asHcgs<T extends { readonly kind: string }>(
  own: T | undefined,
): Extract<T, { readonly kind: 'hcgs' }> {
  if (own?.kind !== 'hcgs') throw new RangeError(`expected hcgs, got ${own?.kind ?? 'nothing'}`);
  return own as Extract<T, { readonly kind: 'hcgs' }>;
}

/** Block sizes in JSON that has the fields of a kind of pattern. */
export function blocksIn(facts: object): readonly number[] | undefined {
  return (facts as { readonly blocks?: readonly number[] }).blocks;
}
