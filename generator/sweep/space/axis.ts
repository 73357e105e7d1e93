import { z } from 'zod';

/** Whole numbers or reals from one to another, both included: every `step`, or each `factor` times the one before. */
export interface Range {
  readonly from: number;
  readonly to: number;
  readonly step?: number | undefined;
  readonly factor?: number | undefined;
}

/** What a setting of a space can be: one value, or several that are tried. */
export type Axis<T> = T | readonly T[] | (T extends number ? Range : never);

/** Values of a range; more are a mistake. */
const MOST_VALUES = 1_000_000;

const rangeSchema = z
  .strictObject({
    from: z.number(),
    to: z.number(),
    step: z.number().positive().optional(),
    factor: z.number().gt(1).optional(),
  })
  .refine(({ from, to }) => from <= to, 'expected a range whose end is no less than its begin')
  .refine(
    ({ step, factor }) => step === undefined || factor === undefined,
    'expected a step or a factor, not both',
  )
  .refine(
    ({ from, factor }) => factor === undefined || from > 0,
    'expected a begin above 0 for a factor',
  )
  .refine(
    ({ from, to, step = 1, factor }) => factor !== undefined || (to - from) / step < MOST_VALUES,
    `expected at most ${MOST_VALUES} values`,
  );

/** The values of a range, ascending. */
export function rangeValues({ from, to, step = 1, factor }: Range): readonly number[] {
  if (factor === undefined) {
    // a little more than the end, for steps that are no sums of powers of two
    const count = Math.floor((to - from) / step + 1e-9) + 1;
    return Array.from({ length: count }, (_, i) => from + i * step);
  }
  const values: number[] = [];
  for (let value = from; value <= to; value *= factor) values.push(value);
  return values;
}

/** A list of values of the schema: of one value, of a list as it stands, or of a range of numbers. */
export function axis<T extends z.ZodType>(schema: T): z.ZodType<readonly z.output<T>[]> {
  const listed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value;
    const range = isRange(value) ? rangeSchema.safeParse(value) : null;
    return range?.success ? rangeValues(range.data) : [value];
  };
  const ranges = z.unknown().superRefine((value, context) => {
    const { error } = isRange(value) ? rangeSchema.safeParse(value) : {};
    for (const issue of error?.issues ?? []) context.addIssue({ ...issue, code: 'custom' });
  });
  return ranges.transform(listed).pipe(z.array(schema).min(1)) as unknown as z.ZodType<
    readonly z.output<T>[]
  >;
}

function isRange(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'from' in value && 'to' in value;
}
