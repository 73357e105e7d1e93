import { basename } from 'node:path';
import type { z } from 'zod';
import { UserError, unexpected } from '../../base/errors.js';
import { readFileBytes } from '../../base/files.js';
import { shellWord } from '../../base/printable.js';
import { isObject, parseJson } from '../../network/formats/json.js';
import type { CosimEvidence, SynthEvidence, WordLengthEvidence } from '../../report/input.js';
import { cosim } from '../schemas/designs.js';
import { sweepBits } from '../schemas/sweep-bits.js';
import { synth } from '../schemas/synth.js';
import { panels } from '../sweep-bits/panels.js';

/** What a report is of: what the results of other commands have to be of, too. */
export interface Reported {
  readonly path: string;
  /** Of the bytes of the compressed model. */
  readonly modelHash: string;
  /** Null: a model without a design. */
  readonly designHash: string | null;
}

/** Results of `cosim --json`. @throws UserError NOT_A_RESULT, OTHER_DESIGN, or as `readFileBytes` and `parseJson` */
export async function readCosim(
  files: readonly string[],
  of: Reported,
): Promise<readonly CosimEvidence[]> {
  return Promise.all(
    files.map(async (file) => {
      const result = await readResult(file, 'cosim', cosim);
      if (of.designHash === null) {
        checkHash(file, 'modelHash', of.modelHash, result.modelHash, of);
      } else checkHash(file, 'designHash', of.designHash, result.designHash, of);
      return { ...result, file: basename(file) };
    }),
  );
}

/** Results of `synth --json`. @throws UserError as `readCosim`; BAD_USAGE where there is no design */
export async function readSynth(
  files: readonly string[],
  of: Reported,
): Promise<readonly SynthEvidence[]> {
  if (files.length > 0 && of.designHash === null) {
    throw new UserError({
      code: 'BAD_USAGE',
      message: `--synth is of a design, and ${of.path} is a model: give the directory of the design`,
      field: '--synth',
      expected: 'a design directory',
      got: of.path,
    });
  }
  return Promise.all(
    files.map(async (file) => {
      const result = await readResult(file, 'synth', synth);
      checkHash(file, 'designHash', of.designHash as string, result.designHash, of);
      return { ...result, file: basename(file) };
    }),
  );
}

/** Results of `sweep-bits --json`. @throws UserError as `readCosim` */
export async function readWordLengths(
  files: readonly string[],
): Promise<readonly WordLengthEvidence[]> {
  return Promise.all(
    files.map(async (file) => {
      const result = await readResult(file, 'sweep-bits', sweepBits);
      const { weightBits, activationBits } = result;
      const maps = panels(result).map(({ name, title, cells }) => ({
        ...{ name, title, cells, weightBits, activationBits },
      }));
      return { file: basename(file), model: result.model, maps };
    }),
  );
}

async function readResult<S extends z.ZodType>(
  file: string,
  command: string,
  schema: S,
): Promise<z.infer<S>> {
  const json = parseJson(await readFileBytes(file), file);
  if (isObject(json) && isObject(json.error)) {
    throw notAResult(
      file,
      command,
      'error',
      `results of "hcgs ${command} --json"`,
      `an error: ${json.error.message}`,
    );
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join('.') || 'the object';
  throw notAResult(
    file,
    command,
    field,
    `what "hcgs ${command} --json" of this version prints`,
    issue?.message ?? '',
  );
}

function notAResult(
  file: string,
  command: string,
  field: string,
  expected: string,
  got: string,
): UserError {
  return unexpected(
    { code: 'NOT_A_RESULT', file, field, expected, got },
    `${file} holds no result of "hcgs ${command} --json": ${field}`,
  );
}

function checkHash(
  file: string,
  field: string,
  expected: string,
  got: string,
  { path }: Reported,
): void {
  if (expected === got) return;
  throw unexpected(
    { code: 'OTHER_DESIGN', file, field, expected, got },
    `${file} is of another ${field === 'modelHash' ? 'model' : 'design'} than ${shellWord(path)}: ${field}`,
  );
}
