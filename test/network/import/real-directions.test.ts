import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../generator/base/package.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import type { NodeProto } from '../../../generator/network/import/onnx/messages.js';
import { decodeOnnx } from '../../../generator/network/import/onnx/protobuf.js';
import { encodeModel, value } from '../../support/onnx.js';
import { disagreement } from './support/agreement.js';

const folder = resolve(packageRoot, '../shared/data/zoo');
const there = existsSync(folder);
if (!there) console.warn(`skipped: the trained networks of others are not at ${folder}`);
const bytesOf = (name: string) => readFileSync(resolve(folder, name));

/** The nodes behind value `x`, which becomes the input of the graph, up to `outputs`; recurrent ones begin with zeros. */
function behind(name: string, x: string, width: number, outputs: readonly string[]): Uint8Array {
  const decoded = decodeOnnx(bytesOf(name), name);
  const { graph } = decoded;
  if (!graph) throw new Error('no graph');
  const needed = new Set(outputs);
  const stateless = (node: NodeProto) =>
    /LSTM|GRU/.test(node.op_type ?? '') ? { ...node, input: node.input.slice(0, 4) } : node;
  const nodes = graph.node
    .map(stateless)
    .toReversed()
    .filter(({ input, output }) => {
      if (output.includes(x) || !output.some((one) => needed.has(one))) return false;
      for (const one of input) needed.add(one);
      return true;
    });
  const input = [value(x, ['frames', 'batch', width])];
  const own = {
    node: nodes.toReversed(),
    value_info: [],
    input,
    output: outputs.map((one) => value(one)),
  };
  return encodeModel({ ...decoded, graph: { ...graph, ...own } });
}

describe.skipIf(!there)('networks of others with two directions', () => {
  it('byte_sb_bidi_lstm.onnx computes what ONNX Runtime does with it', async () => {
    const name = 'byte_sb_bidi_lstm.onnx';
    const { model, outputs } = importNetwork(bytesOf(name), name);
    expect(
      model.layers.map(({ inputs, cells, direction, from }) => [inputs, cells, direction, from]),
    ).toEqual([
      [32, 128, undefined, undefined],
      [32, 128, 'backward', [-1]],
      [256, 64, undefined, [0, 1]],
      [256, 64, 'backward', [0, 1]],
    ]);
    expect(model.output).toMatchObject({ inputs: 128, outputs: 2, from: [2, 3] });
    expect(outputs).toMatchObject([{ name: 'output', is: 'outputs', lastFrame: false }]);
    // its embedding reads bytes: the frames are behind it
    const bytes = behind(name, '32', 32, ['output']);
    const own = importNetwork(bytes, name);
    expect(own.model).toEqual(model);
    expect(await disagreement(bytes, own, { '32': [7, 2, 32] }, { limit: 1e-5 })).toBeNull();
  });

  it('a bidirectional GRU among others of gtcrn_simple.onnx', async () => {
    const name = 'gtcrn_simple.onnx';
    const map = ['lstm=GRU_700', 'fc=none'];
    const { model, notes } = importNetwork(bytesOf(name), name, { map });
    expect(model.layers.map(({ cell, direction }) => [cell, direction])).toEqual([
      ['gru', undefined],
      ['gru', 'backward'],
      ['dense-linear', undefined],
    ]);
    expect(notes.join('\n')).toContain('identity matrix');
    const width = model.layers[0]?.inputs as number;
    const bytes = behind(name, 'onnx::GRU_1300', width, ['onnx::Transpose_1417']);
    const own = importNetwork(bytes, name);
    expect(own.model).toEqual(model);
    const feeds = { 'onnx::GRU_1300': [9, 3, width] };
    expect(await disagreement(bytes, own, feeds, { limit: 1e-5 })).toBeNull();
  });
});
