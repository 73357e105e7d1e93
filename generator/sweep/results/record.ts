import { z } from 'zod';
import { STAGE_NAMES } from '../space/space.js';

/** First field of every result file. */
const FORMAT = 'hcgs sweep result';
const VERSION = 1;

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const stage = {
  stage: z.enum(STAGE_NAMES),
  key: z.string().regex(/^[0-9a-f]{16}$/),
  seconds: z.number().min(0),
};

/** What a stage of a point came to. */
const entrySchema = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('passed'),
    ...stage,
    figures: z.record(z.string(), scalar.nullable()),
  }),
  z.strictObject({
    outcome: z.literal('excluded'),
    ...stage,
    code: z.string(),
    reason: z.string(),
  }),
  z.strictObject({
    outcome: z.literal('failed'),
    ...stage,
    code: z.string(),
    message: z.string(),
    log: z.string().nullable().describe('relative to the directory of the sweep'),
  }),
]);

const recordSchema = z.strictObject({
  format: z.literal(FORMAT),
  schemaVersion: z.literal(VERSION),
  id: z.string().regex(/^[0-9a-f]{16}$/),
  settings: z.record(z.string(), scalar),
  stages: z.array(entrySchema),
});

export type StageEntry = Readonly<z.output<typeof entrySchema>>;

/** The result file of a point. */
export interface PointRecord {
  readonly id: string;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  /** At most one for each stage. */
  readonly stages: readonly StageEntry[];
}

export function recordText({ id, settings, stages }: PointRecord): string {
  return `${JSON.stringify({ format: FORMAT, schemaVersion: VERSION, id, settings, stages }, null, 1)}\n`;
}

/** The record in a text; a sentence where it is none. */
export function parseRecord(text: string, id: string): PointRecord | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is no JSON: torn, or no result';
  }
  const { data, error } = recordSchema.safeParse(value);
  if (error) {
    const [issue] = error.issues;
    return `${issue?.path.join('.') || 'the whole'}: ${issue?.message}`;
  }
  if (data.id !== id) return `it is the result of ${data.id}`;
  const names = data.stages.map((one) => one.stage);
  if (new Set(names).size !== names.length) return 'a stage is there twice';
  return { id, settings: data.settings, stages: data.stages };
}
