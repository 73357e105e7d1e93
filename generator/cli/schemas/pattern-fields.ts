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
      const different = others.filter((type) => !isSame(type, first));
      const type = different.length === 0 ? first : z.union([first, ...different]);
      return [name, others.length + 1 === kinds.length ? type : type.optional()];
    }),
  );
}

/** Whether two types take the same values, whatever they are described as. */
function isSame(a: z.ZodType, b: z.ZodType): boolean {
  const [own, other] = [a, b].map((type) => {
    const { description: _, ...schema } = z.toJSONSchema(type);
    return JSON.stringify(schema);
  });
  return own === other;
}
