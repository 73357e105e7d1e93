import { setTimeout as sleep } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { temporary } from '../../base/cleanup.js';

/** Age of the last sign of life from which on the holder of a lock counts as dead, ms. */
const STALE = 30_000;
/** Time between two looks at a lock that another process holds, ms. */
const LOOK = 200;

/**
 * Does `act` while no other process does the same under that lock, a folder that is there only meanwhile. The lock of a
 * process that was killed is broken; one that loses its lock, as its machine slept, goes on: `act` has to bear a second
 * one beside it.
 * @throws the error of the file system where the lock cannot be made
 */
export async function oneAtATime<T>(folder: string, act: () => Promise<T>): Promise<T> {
  const release = await acquired(folder);
  const removed = temporary(folder);
  try {
    return await act();
  } finally {
    removed();
    await release().catch(() => undefined);
  }
}

async function acquired(folder: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      return await lock(folder, {
        lockfilePath: folder,
        realpath: false,
        stale: STALE,
        update: STALE / 6,
        onCompromised: () => undefined,
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
    }
    await sleep(LOOK);
  }
}
