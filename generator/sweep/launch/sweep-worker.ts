import { ResultStore } from '../results/store.js';
import type { Point } from '../space/point.js';
import { Networks } from '../stages/networks.js';
import { runPoint } from '../stages/run-point.js';
import { serveTasks } from './serve.js';
import type { WorkerSetup } from './setup.js';

await serveTasks<WorkerSetup, Point>(({ directory, plan }) => {
  const store = new ResultStore(directory);
  const networks = new Networks();
  return (point, onStage) => runPoint(point, { directory, plan, store, networks, onStage });
});
