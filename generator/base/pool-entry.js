/** The first module of a worker: makes TypeScript readable where the program runs from its source, then does the work. */
import { workerData } from 'node:worker_threads';

const { module } = workerData;
if (module.endsWith('.ts')) (await import('tsx/esm/api')).register();
await import(module);
