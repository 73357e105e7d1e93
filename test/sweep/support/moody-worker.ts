import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../../generator/base/errors.js';
import { serveTasks } from '../../../generator/sweep/launch/serve.js';

/** A point that does what the test wants. */
export interface MoodyTask {
  readonly id: string;
  readonly mood: 'well' | 'killed' | 'exits' | 'throws' | 'full';
}

/** A worker whose points are written as files of their own. */
await serveTasks<{ readonly folder: string; readonly stillborn: boolean }, MoodyTask>(
  ({ folder, stillborn }) => {
    if (stillborn) {
      console.error('no memory for me');
      process.exit(7);
    }
    return async ({ id, mood }, stage) => {
      stage('estimate');
      appendFileSync(join(folder, 'began'), `${process.pid} ${id}\n`);
      console.error(`point ${id} is ${mood}`);
      await sleep(5);
      if (mood === 'killed') process.kill(process.pid, 'SIGKILL');
      if (mood === 'exits') process.exit(3);
      if (mood === 'throws') throw new Error('a fault of the worker');
      if (mood === 'full') throw new UserError({ code: 'DISK_FULL', message: 'no room' });
      writeFileSync(join(folder, id), 'done');
    };
  },
);
