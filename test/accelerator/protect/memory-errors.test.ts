import { describe, it } from 'vitest';
import { memoryErrors } from '../../../generator/accelerator/protect/memory-errors.js';
import { Random } from '../../../generator/base/random.js';
import { withMutants } from '../../support/mutants.js';
import type { OutputVector } from '../../support/verilated-block.js';

const SEED = 4;
const MOST = 65_535;

describe('what keeps memory errors', () => {
  it('counts up to its most, keeps what was lost, and does not look behind a reset of the core', async () => {
    console.info(`seed ${SEED}`);
    const random = new Random(SEED);
    const some = (n: number) => Number(random.below(n) === 0);
    const cases = Array.from({ length: 80_000 }, (_, n) => ({
      // a reset now and then, and then none until the count is full
      rst: Number(n === 0 || (n < 6000 && some(300) === 1)),
      core_rst: some(40),
      memory_fault: n < 3000 ? some(4) : 1,
      memory_lost: n < 3000 ? some(200) : some(4),
    }));
    const expected: OutputVector[] = [];
    let [running, lost, count] = [false, false, 0];
    for (const { rst, core_rst, memory_fault, memory_lost } of cases) {
      expected.push({ memory_error: BigInt(lost), memory_error_count: BigInt(count) });
      if (running && memory_fault) count = Math.min(MOST, count + 1);
      if (running && memory_lost) lost = true;
      running = !core_rst;
      if (rst) [running, lost, count] = [false, false, 0];
    }
    const block = await withMutants(memoryErrors('dut'), {
      'counts over': { module: 'errors', from: ' && !(&memory_error_count)', to: '' },
      'looks behind a reset': {
        module: 'errors',
        from: 'running && memory_fault',
        to: 'memory_fault',
      },
      'believes a loss behind a reset': {
        module: 'errors',
        from: 'running && memory_lost',
        to: 'memory_lost',
      },
      'is not cleared': { module: 'errors', from: "memory_error <= 1'b0;", to: '' },
    });
    // nothing is known before the first reset
    await block.check(
      cases,
      (out) =>
        out.slice(1).filter((seen, n) => {
          const right = expected[n + 1] as OutputVector;
          return (
            seen.memory_error !== right.memory_error ||
            seen.memory_error_count !== right.memory_error_count
          );
        }).length,
    );
  });
});
