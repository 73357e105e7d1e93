import { UserError } from '../../base/errors.js';
import type { Stalls } from '../../cosim/driver/bounds.js';
import { badValue } from '../options/options.js';

/** Probabilities of --stall, or of --gap and --pause. */
export function stallsOf(args: {
  readonly stall?: number | undefined;
  readonly gap?: number | undefined;
  readonly pause?: number | undefined;
}): Stalls {
  const given = [
    ['--stall', args.stall],
    ['--gap', args.gap],
    ['--pause', args.pause],
  ] as const;
  for (const [option, value] of given) {
    if (value !== undefined && value >= 1) throw badValue(option, 'at least 0 and below 1', value);
  }
  const { stall, gap, pause } = args;
  if (stall === undefined) return { gap: gap ?? 0, pause: pause ?? 0 };
  if (gap !== undefined || pause !== undefined) {
    throw new UserError({
      code: 'BAD_USAGE',
      message: '--stall sets both --gap and --pause: give it, or those',
      field: '--stall',
    });
  }
  return { gap: stall, pause: stall };
}
