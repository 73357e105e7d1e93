import { runCleanup } from '../base/cleanup.js';
import { endGroups } from '../base/process-group.js';

/**
 * Ends the tools that run for this program and removes temporary files: for its own handlers of signals. Work that is going on
 * fails afterwards.
 */
export async function stop(): Promise<void> {
  await endGroups();
  runCleanup();
}
