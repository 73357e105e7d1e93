import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe } from 'vitest';
import { type CoreBench, coreBench } from '../support/core-bench.js';
import { protocolChecks } from '../support/protocol-checks.js';
import { MockReference, mockDesign } from './support/mock.js';

describe('stream protocol of the mock core', () => {
  let bench: CoreBench;
  beforeAll(async () => {
    bench = await coreBench(await mockDesign());
  });
  afterAll(() => rm(bench.design.directory, { recursive: true }));
  protocolChecks(() => ({ bench, reference: new MockReference(), activationBits: 13 }));
});
