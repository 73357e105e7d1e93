import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FloatNetwork } from '../../generator/network/float/run.js';
import { readNpy } from '../../generator/network/formats/npy.js';
import { importNetwork } from '../../generator/network/import/import.js';
import { python } from '../examples/training-python.js';
import { pages } from './pages.js';

const run = python('torch');

/** Where the package safetensors is not installed: its writer, by way of the training recipe's own. */
const STAND_IN = `try:
    import safetensors.torch
except ImportError:
    import sys, types
    from training import tensorfile
    package = types.ModuleType("safetensors.torch")
    package.save_file = lambda tensors, path: tensorfile.write(path, {n: t.numpy() for n, t in tensors.items()}, {})
    sys.modules["safetensors"] = types.ModuleType("safetensors")
    sys.modules["safetensors.torch"] = package
`;

it.skipIf(run === null)('the Python of docs/models.md exports what PyTorch computes', () => {
  const page = pages().find(({ path }) => path === 'docs/models.md');
  const blocks = page?.fences.filter(({ info }) => info === 'python') ?? [];
  expect(blocks).toHaveLength(2);
  const folder = mkdtempSync(join(tmpdir(), 'hcgs-models-'));
  try {
    mkdirSync(folder, { recursive: true });
    const script = [
      STAND_IN,
      `import os; os.chdir(${JSON.stringify(folder)})`,
      ...blocks.map(({ text }) => text),
      'np.save("outputs.npy", network(frames).detach().double().numpy())',
    ].join('\n');
    writeFileSync(join(folder, 'page.py'), script);
    run?.([join(folder, 'page.py')]);
    const bytes = (name: string) => readFileSync(join(folder, name));
    const npy = (name: string) => readNpy(bytes(name), name);
    const { model, leftOut } = importNetwork(bytes('tagger.safetensors'), 'tagger.safetensors');
    expect(leftOut).toEqual([]);
    expect(npy('recorded.npy').data).toEqual(npy('frames.npy').data);
    const network = new FloatNetwork(model);
    const { data } = npy('frames.npy');
    const expected = npy('outputs.npy').data;
    for (let frame = 0; frame < 16 * 25; frame++) {
      if (frame % 25 === 0) network.reset();
      const { outputs } = network.step(
        Float64Array.from(data.subarray(frame * 20, frame * 20 + 20)),
      );
      outputs.forEach((value, i) => {
        expect(Math.abs(value - (expected[frame * 5 + i] as number))).toBeLessThan(1e-5);
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
