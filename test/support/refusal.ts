import { expect } from 'vitest';
import { type ErrorReport, UserError } from '../../generator/base/errors.js';

/** The report of the UserError that `act` throws; fails when it throws something else or nothing. */
export function refusal(act: () => unknown): ErrorReport {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).report;
  }
  throw new Error('expected a UserError, nothing was thrown');
}

/** The same of work that ends later. */
export async function laterRefusal(work: () => unknown): Promise<ErrorReport> {
  try {
    await work();
  } catch (error) {
    return refusal(() => {
      throw error;
    });
  }
  throw new Error('expected a UserError, nothing was thrown');
}
