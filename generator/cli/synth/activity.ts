import { macrosOf } from '../../accelerator/index.js';
import { checkValue } from '../../base/check-value.js';
import { UserError } from '../../base/errors.js';
import { readFileBytes } from '../../base/files.js';
import { activitySchema } from '../../design/manifest/activity.js';
import { type Design, designHardware } from '../../design/read/read.js';
import type { MeasuredUse } from '../../flow/target.js';

const FILE = { code: 'ACTIVITY', whole: 'the file' } as const;

/**
 * What the macros of a design do in a frame, from the file of --activity; undefined without.
 * @throws UserError ACTIVITY for a file that is none, or of another design; BAD_USAGE where nothing is timed
 */
export async function measuredUse(
  { manifest, directory }: Design,
  file: string | undefined,
  synthesisOnly: boolean,
): Promise<MeasuredUse | undefined> {
  if (file === undefined) return undefined;
  if (synthesisOnly) {
    throw new UserError({
      code: 'BAD_USAGE',
      message: '--activity needs the timing that --synthesis-only leaves out',
      field: '--activity',
    });
  }
  const activity = checkValue(parsed(await readFileBytes(file), file), file, activitySchema, FILE);
  const list = macrosOf(designHardware(manifest));
  if (list === undefined || activity.designHash !== manifest.designHash) {
    throw new UserError({
      code: 'ACTIVITY',
      message: `${file} was measured on another design than ${directory}: run cosim --activity anew`,
      file,
      field: 'designHash',
      expected: manifest.designHash,
      got: activity.designHash,
    });
  }
  return { activity, list };
}

function parsed(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    throw new UserError(
      {
        code: 'ACTIVITY',
        message: `${file} is no JSON: a file of cosim --activity is expected`,
        file,
      },
      { cause: error },
    );
  }
}
