import type { OutputError } from '../against-float.js';
import type { Measured } from '../measure/measure.js';

/** How good the quantised network has to be. */
export type Target =
  /** R.m.s. of the difference from the float outputs divided by their r.m.s., at most. */
  | { readonly kind: 'error'; readonly limit: number }
  /** Utterances decided wrongly that the float network decides as labelled, as a share of all, at most. */
  | { readonly kind: 'accuracy-loss'; readonly limit: number };

/**
 * How far a network is from a target: at most 1 where it is met, and smaller where it is closer to the float network. An
 * error has to be met on all frames together and on those alone that chose no formats; utterances are few, so their
 * accuracy is that on all of them.
 */
export function distance(measured: Measured, { kind, limit }: Target): number {
  const error = largerError(measured);
  if (kind === 'error') return error / limit;
  const { correct } = measured;
  if (correct === null) throw new RangeError('an accuracy without labels');
  const beyond = (correct.float - correct.quantised) / correct.utterances - limit;
  // in percent; among networks that decide as well, the one with the smaller error
  return (beyond <= 0 ? 0 : 1 + 100 * beyond) + error / (1 + error);
}

/** The relative error on all frames or on those that chose no formats, whichever is larger. */
export function largerError({ error, heldOut }: Measured): number {
  return Math.max(relative(error), heldOut === null ? 0 : relative(heldOut));
}

function relative({ relativeRms, rms }: OutputError): number {
  if (relativeRms !== null) return relativeRms;
  return rms === 0 ? 0 : Number.MAX_VALUE;
}
