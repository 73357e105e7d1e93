import { dirname, resolve } from 'node:path';
import { checkValue } from '../../base/check-value.js';
import { UserError } from '../../base/errors.js';
import { readFileBytes } from '../../base/files.js';
import { type CheckedSpace, spaceSchema } from '../../sweep/space/space.js';
import { readConfigFile } from '../frame/config-file.js';

/** A space, and the folder that its paths are relative to. */
export interface ReadSpace {
  readonly space: CheckedSpace;
  readonly folder: string;
}

/**
 * Reads a space: JSON, or a TypeScript or JavaScript module as `--config` files are.
 * @throws UserError SWEEP_SPACE, with the field; for modules as `readConfigFile`
 */
export async function readSpace(file: string): Promise<ReadSpace> {
  const folder = resolve(dirname(file));
  if (!/\.json$/i.test(file)) {
    const kind = { type: 'SweepSpace', schema: spaceSchema } as const;
    return { space: await readConfigFile(file, kind), folder };
  }
  const text = Buffer.from(await readFileBytes(file)).toString('utf8');
  const error = { code: 'SWEEP_SPACE', whole: 'the space' } as const;
  return { space: checkValue(parsed(text, file), file, spaceSchema, error), folder };
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(
      {
        code: 'SWEEP_SPACE',
        message: `${file} is no JSON: ${(error as Error).message}`,
        file,
      },
      { cause: error },
    );
  }
}
