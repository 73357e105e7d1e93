import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { packageRoot } from '../../generator/base/package.js';
import { Random } from '../../generator/base/random.js';
import { graphOf, type Parts } from '../../test/network/import/support/lstm-graph.js';
import { parts } from '../../test/network/import/support/standard-network.js';
import { both, CELL_KINDS } from '../../test/network/import/support/two-directions.js';
import { ints, node, onnxFile, tensor } from '../../test/support/onnx.js';
import type { Seed } from './seeds.js';

const SEED = 67;

/** ONNX files with nodes that run backward or in both directions, joined, added, or read at their ends. */
export function onnxDirections(): readonly Seed[] {
  const random = new Random(SEED);
  const head = (from: string, inputs: number): Parts =>
    parts([node('MatMul', [from, 'F'], ['y'])], {
      F: tensor(
        [inputs, 2],
        Array.from({ length: 2 * inputs }, () => random.between(-9, 9) / 8),
      ),
    });
  const joined = parts(
    [node('Transpose', ['Y_0'], ['t'], { perm: [0, 2, 1, 3] }), node('Reshape', ['t', 's'], ['j'])],
    { s: ints(0, 0, -1) },
  );
  const sum = parts([node('ReduceSum', ['Y_0', 'a'], ['j'], { keepdims: 0 })], { a: ints(1) });
  const final = parts(
    [node('Transpose', ['H_0'], ['t'], { perm: [1, 0, 2] }), node('Reshape', ['t', 's'], ['j'])],
    { s: ints(-1, 6) },
  );
  return CELL_KINDS.flatMap((kind) => {
    const low = both(random, 0, 'x', { kind, inputs: 5, cells: 3 });
    const back = both(random, 0, 'x', { kind, inputs: 5, cells: 3, direction: 'reverse' });
    const graphs = {
      joined: [low, joined, head('j', 6)],
      stacked: [low, joined, both(random, 1, 'j', { kind, inputs: 6, cells: 2 })],
      sum: [low, sum, head('j', 3)],
      final: [low, final, head('j', 6)],
      back: [back, head('Y_0', 3)],
    };
    return Object.entries(graphs).map(([name, own]) => {
      const outputs = [name === 'stacked' ? 'Y_1' : 'y'];
      return { name: `${kind}, ${name}`, bytes: onnxFile(graphOf(own, { outputs })) };
    });
  });
}

/** What torch and Keras have written of layers with two directions. */
export function writtenDirections(tool: 'torch' | 'keras', kind: RegExp): readonly Seed[] {
  const folder = resolve(packageRoot, `test/network/import/files/${tool}-directions`);
  return readdirSync(folder)
    .filter((name) => kind.test(name))
    .map((name) => ({ name, bytes: readFileSync(resolve(folder, name)) }));
}
