/** The first module of a worker process: makes TypeScript readable where the program runs from its source, then does the work. */
const [, , module = ''] = process.argv;
if (module.endsWith('.ts')) (await import('tsx/esm/api')).register();
await import(module);
