/** What a test knows to be of HCGS: a pattern, a spec, a choice, a finding. */
export function hcgsOf<T extends { readonly kind: string }>(
  own: T | undefined,
): Extract<T, { readonly kind: 'hcgs' }> {
  if (own?.kind !== 'hcgs') throw new TypeError(`expected hcgs, got ${own?.kind}`);
  return own as Extract<T, { readonly kind: 'hcgs' }>;
}
