import type { Diagnostic } from '../../diagnostics.js';

/** One complaint of each code about each thing: loops and parameter values repeat them. */
export function firstOfEach(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const d of diagnostics) {
    const key = `${d.code} ${d.path} ${d.site}`;
    if (!found.has(key)) found.set(key, d);
  }
  return [...found.values()];
}
