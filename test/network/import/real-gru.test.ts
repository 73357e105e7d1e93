import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../generator/base/package.js';
import { FloatNetwork } from '../../../generator/network/float/run.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import type { NodeProto } from '../../../generator/network/import/onnx/messages.js';
import { decodeOnnx } from '../../../generator/network/import/onnx/protobuf.js';
import { decodeGraph } from '../../../generator/network/import/tensorflow/graph-def/messages.js';
import { encodeModel, value } from '../../support/onnx.js';
import { OnnxRuntime } from '../../support/onnx-runtime.js';
import { refusal } from '../../support/refusal.js';
import { randomFrames } from './support/cell-reference.js';

const folder = resolve(packageRoot, '../shared/data/zoo');
const there = existsSync(folder);
if (!there) console.warn(`skipped: the trained networks of others are not at ${folder}`);

/** Y of the node alone, in ONNX Runtime, from h of zeros. */
async function runtimeOf(bytes: Uint8Array, label: string, frames: number[][], cells: number) {
  const decoded = decodeOnnx(bytes, label);
  const { graph } = decoded;
  const node = graph?.node.find(({ name }) => name === label) as NodeProto;
  const [x = '', , , , , h = ''] = node.input;
  const runtime = await OnnxRuntime.load(
    encodeModel({
      ...decoded,
      graph: {
        ...graph,
        node: [node],
        value_info: [],
        input: [value(x, ['frames', 1, frames[0]?.length as number]), value(h, [1, 1, cells])],
        output: [value(node.output[0] as string)],
      },
    }),
  );
  const outputs = await runtime.run({
    [x]: { dims: [frames.length, 1, frames[0]?.length as number], data: frames.flat() },
    [h]: { dims: [1, 1, cells], data: new Float64Array(cells) },
  });
  await runtime.release();
  return [...outputs.values()][0]?.data as Float64Array;
}

describe.skipIf(!there)('GRU networks of others', () => {
  const bytesOf = (name: string) => readFileSync(resolve(folder, name));

  it.each([
    ['akiki-vad.onnx', '/model/rnn/GRU', 128, 128, ['fc=none'], 'OUTPUT_NOT_TAKEN'],
    ['gtcrn_simple.onnx', 'GRU_153', 8, 16, ['lstm=GRU_153', 'fc=none'], 'LSTM_BETWEEN'],
  ] as const)('%s: %s, as ONNX Runtime computes it', async (name, label, n, cells, map, asked) => {
    const bytes = bytesOf(name);
    expect(refusal(() => importNetwork(bytes, name)).code).toBe(asked);
    const { model, notes } = importNetwork(bytes, name, { map });
    expect(model.layers).toMatchObject([{ cell: 'gru', inputs: n, cells }]);
    expect(notes[0]).toContain('frames are not the input of the network');
    const frames = randomFrames(n, 100);
    const network = new FloatNetwork(model);
    const own = frames.flatMap((frame) => [...network.step(Float64Array.from(frame)).outputs]);
    const theirs = await runtimeOf(bytes, label, frames, cells);
    expect(theirs).toHaveLength(own.length);
    const most = Math.max(...own.map((one, i) => Math.abs(one - (theirs[i] as number))));
    expect(most).toBeLessThan(1e-5);
  });

  it('GRU_S.pb computes what the page of GRUCell of TensorFlow says', () => {
    const bytes = bytesOf('GRU_S.pb');
    const { model, notes } = importNetwork(bytes, 'GRU_S.pb');
    expect(model.layers).toMatchObject([{ cell: 'gru', reset: 'before', inputs: 10, cells: 154 }]);
    expect(notes.join('\n')).toContain('the reset gate stands before the product');
    const { node: nodes } = decodeGraph(bytes, 'GRU_S.pb');
    const numbers = (name: string): Float32Array => {
      const found = nodes.find((one) => one.name === name)?.attr.value?.tensor?.tensor_content;
      return new Float32Array(Uint8Array.from(found ?? []).buffer);
    };
    const scope = 'rnn/multi_rnn_cell/cell_0/gru_cell';
    const product = (vector: readonly number[], kernel: string, bias: string): number[] => {
      const [K, b] = [numbers(kernel), numbers(bias)];
      return Array.from(b, (one, column) =>
        vector.reduce(
          (sum, value, row) => sum + value * (K[row * b.length + column] as number),
          one,
        ),
      );
    };
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
    let h: number[] = new Array(154).fill(0);
    const network = new FloatNetwork(model);
    for (const frame of randomFrames(10, 12)) {
      const gates = product([...frame, ...h], `${scope}/gates/kernel`, `${scope}/gates/bias`);
      const [r, u] = [gates.slice(0, 154).map(sigmoid), gates.slice(154).map(sigmoid)];
      const gated = h.map((one, i) => (r[i] as number) * one);
      const c = product(
        [...frame, ...gated],
        `${scope}/candidate/kernel`,
        `${scope}/candidate/bias`,
      ).map(Math.tanh);
      h = h.map((one, i) => (u[i] as number) * one + (1 - (u[i] as number)) * (c[i] as number));
      const expected = product(h, 'W_o', 'b_o');
      const own = network.step(Float64Array.from(frame)).outputs;
      expect(own).toHaveLength(expected.length);
      const far = expected.map((one, i) => Math.abs(one - (own[i] as number)));
      expect(Math.max(...far)).toBeLessThan(1e-9);
    }
  });
});
