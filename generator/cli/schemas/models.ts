/** What `random`, `run` and `info` print. */
import { z } from 'zod';
import { EMITS } from '../../accelerator/index.js';
import { FORMATS } from '../../network/compressed/metadata.js';
import { count, envelope, figures, hash, record, saturations, share, summary } from './parts.js';

export const random = z.strictObject({
  ...envelope,
  file: z.string(),
  bytes: count,
  seed: count,
  ...summary,
});

export const run = z.strictObject({
  ...envelope,
  model: z.string(),
  frames: count,
  utterances: count,
  inputs: count,
  outputs: count,
  outputFractionBits: z.int().nullable().describe('null with --float'),
  saturations: saturations.nullable().describe('null with --float'),
  correct: count.nullable(),
  decisions: z.array(count).describe('class of each utterance'),
  accuracy: share.nullable().describe('null without labels'),
  classes: z
    .array(z.strictObject({ class: count, utterances: count, correct: count }))
    .nullable()
    .describe('null without labels'),
  confusion: z
    .array(z.array(count))
    .nullable()
    .describe('utterances, [class of the label][class decided]; null without labels'),
  emit: z.enum(EMITS).describe('of which frames the outputs are written'),
  outputsFile: z.string().nullable(),
  statesFile: z.string().nullable(),
  notes: z.array(z.string()).describe('with --float: what else is to be known of the network'),
  warnings: z.array(z.string()).describe('frames that the input format does not hold'),
});

const format = z.literal(FORMATS).describe('of the compressed-model file');

export const info = z.discriminatedUnion('kind', [
  z.strictObject({
    ...envelope,
    kind: z.literal('model'),
    file: z.string(),
    bytes: count,
    sha256: hash,
    format,
    ...summary,
  }),
  z.strictObject({
    ...envelope,
    kind: z.literal('design'),
    directory: z.string(),
    name: z.string(),
    top: z.string(),
    core: z.string(),
    modelHash: hash,
    configurationHash: hash,
    designHash: hash,
    files: count,
    bytes: count,
    parameters: record,
    ports: record,
    shape: record,
    layers: z.array(record),
    memories: z.array(record),
    estimate: z.looseObject(figures),
    model: z.strictObject({ format, ...summary }),
  }),
]);
