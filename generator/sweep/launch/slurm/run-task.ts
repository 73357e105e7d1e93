import { runCleanup } from '../../../base/cleanup.js';
import { endGroups, killGroups } from '../../../base/process-group.js';
import { grouped } from '../../space/grouped.js';
import { localLauncher } from '../local-launcher.js';
import { readTask } from './task-file.js';

/**
 * A task of an array on its node: `FOLDER NUMBER` behind the module. Its points run in a process of their own, so that one that crashes
 * is a failure with a log, and the others go on.
 */
const [folder = '', number = ''] = process.argv.slice(3);
process.on('exit', () => {
  killGroups();
  runCleanup();
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, async () => {
    await endGroups();
    process.exit(130);
  });
}
const { setup, workerMb, points } = readTask(folder, Number(number));
await localLauncher(1).run({
  ...{ setup, workerMb, groups: [...grouped(points).values()] },
  onDone: () => undefined,
  isMissing: () => true,
  goesOn: () => true,
});
