import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../../base/files.js';
import type { Point } from '../../space/point.js';
import type { WorkerSetup } from '../setup.js';

/** What a task of an array runs: all that it needs is in its file. */
export interface SlurmTask {
  readonly setup: WorkerSetup;
  readonly workerMb: number;
  readonly points: readonly Point[];
}

const fileOf = (folder: string, number: number): string => join(folder, `${number}.json`);

/** Writes the file of a task. @throws UserError as `writeFileAtomic` */
export async function putTask(folder: string, number: number, task: SlurmTask): Promise<void> {
  await writeFileAtomic(fileOf(folder, number), JSON.stringify(task));
}

export function readTask(folder: string, number: number): SlurmTask {
  return JSON.parse(readFileSync(fileOf(folder, number), 'utf8'));
}

/** Points in tasks of at most that many, those of one network together as far as they go. */
export function tasksOf<P>(groups: readonly (readonly P[])[], most: number): readonly P[][] {
  const points = groups.flat();
  const count = Math.ceil(points.length / most);
  return Array.from({ length: count }, (_, n) => points.slice(n * most, (n + 1) * most));
}
