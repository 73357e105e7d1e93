/**
 * hcgs for programs (docs/api.md): a network is read, compressed, planned, emitted as a design, run and co-simulated, each by one
 * function. All that a user can mend is thrown as a UserError, with the fields that the commands report.
 */
export { type Compression, type CompressOptions, compress } from './api/compress.js';
export { type CosimCheck, type CosimOptions, type CosimReport, cosim } from './api/cosim.js';
export { type EmitOptions, type EmittedDesign, emit } from './api/emit.js';
export type { FramesFile, FramesGiven, FrameValues } from './api/frames.js';
export type { CompressedModel, Network, Plan } from './api/objects.js';
export { type PlanOptions, plan } from './api/plan.js';
export { type ReadOptions, read } from './api/read.js';
export type { Reporting } from './api/reporting.js';
export { type RunResult, run } from './api/run.js';
export { stop } from './api/stop.js';
export { type ErrorReport, UserError } from './base/errors.js';
export { toolVersion } from './base/package.js';
export type * from './config-types.js';
