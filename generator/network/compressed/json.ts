import type { z } from 'zod';
import type { SafetensorsFile } from '../formats/safetensors.js';
import { mismatch } from '../mismatch.js';
import { MODEL_KEY } from './metadata.js';

/** The JSON text that describes the model. @throws UserError MODEL_INVALID */
export function describedJson({ metadata }: SafetensorsFile, file: string): unknown {
  try {
    return JSON.parse(metadata[MODEL_KEY] ?? '');
  } catch (cause) {
    throw mismatch(MODEL_KEY, 'JSON text', (cause as SyntaxError).message, file);
  }
}

/** A description as its schema says. @throws UserError MODEL_INVALID with the field */
export function described<T>(schema: z.ZodType<T>, json: unknown, file: string): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = [MODEL_KEY, ...(issue?.path ?? [])].join('.');
  throw mismatch(field, 'what docs/compressed-model.md says', issue?.message ?? '', file);
}
