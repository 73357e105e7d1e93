import { test } from 'vitest';
import { Random } from '../../../generator/base/random.js';
import { withMutants } from '../../support/mutants.js';
import { frameCounter } from './frame-counter.js';

const SEED = Number(process.env.HCGS_SEED ?? 1);

test('counts the frames that leave, from reset on', async () => {
  const mutants = await withMutants(frameCounter('dut'), {
    'counts every cycle': { module: 'frame_counter', from: 'if (sent)', to: 'if (1)' },
    'ignores reset': { module: 'frame_counter', from: 'if (rst)', to: 'if (0)' },
  });
  const random = new Random(SEED);
  const vectors = Array.from({ length: 200 }, (_, n) => ({
    rst: Number(n === 0 || n === 90),
    sent: random.below(2),
  }));
  let frames = 0;
  const expected = vectors.map(({ rst, sent }) => {
    const now = BigInt(frames);
    frames = rst === 1 ? 0 : frames + sent;
    return now;
  });
  await mutants.check(
    vectors,
    (out) => out.filter((o, n) => n > 0 && o.frames !== expected[n]).length,
  );
});
