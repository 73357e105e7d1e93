import { z } from 'zod';
import { patternKinds } from '../../sparsity/kind-of.js';
import type { Fields, PatternReports, PatternTypes } from '../../sparsity/pattern.js';

/** Fields of an object that says something about a pattern: those of every kind; what not every kind has is optional. */
export function patternFields(of: keyof PatternReports<PatternTypes>['fields']): Fields {
  const kinds = patternKinds().map(({ report }) => report.fields[of]);
  const names = new Set(kinds.flatMap((fields) => Object.keys(fields)));
  return Object.fromEntries(
    [...names].map((name) => {
      const [first, ...others] = kinds.flatMap((fields) => fields[name] ?? []);
      if (first === undefined) throw new RangeError(name);
      const type = others.length === 0 ? first : z.union([first, ...others]);
      return [name, others.length + 1 === kinds.length ? type : type.optional()];
    }),
  );
}
