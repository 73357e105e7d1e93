import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../generator/base/package.js';
import { Random } from '../../../generator/base/random.js';
import { FloatNetwork } from '../../../generator/network/float/run.js';
import { decodeElements } from '../../../generator/network/formats/elements.js';
import { readSafetensors } from '../../../generator/network/formats/safetensors.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import { decodeOnnx } from '../../../generator/network/import/onnx/protobuf.js';
import { encodeModel, initializers, node, onnxFile, tensor, value } from '../../support/onnx.js';
import { OnnxRuntime } from '../../support/onnx-runtime.js';
import { refusal } from '../../support/refusal.js';

const folder = resolve(packageRoot, '../shared/data/models');
const there = existsSync(folder);
if (!there) console.warn(`skipped: the trained networks of others are not at ${folder}`);
const bytesOf = (name: string) => readFileSync(resolve(folder, name));

const FRAMES = 100;
const SEED = 77;

function frames(inputs: number): Float64Array[] {
  const random = new Random(SEED);
  return Array.from({ length: FRAMES }, () =>
    Float64Array.from({ length: inputs }, () => Math.fround(2 * random.unit() - 1)),
  );
}

/** Frame by frame in ONNX Runtime, `names` of inputs and outputs being those of the LSTM layers themselves. */
async function lstmInRuntime(
  name: string,
  { x, states, h, c, y }: { x: string; states: string[]; h: string[]; c: string[]; y?: string },
  inputs: readonly Float64Array[],
) {
  const decoded = decodeOnnx(bytesOf(name), name);
  const { graph } = decoded;
  if (!graph) throw new Error('no graph');
  // the layers alone: what they read becomes an input of the graph, what they compute an output
  const cut = new Set([x, ...states]);
  const kept = graph.node.filter(({ output }) => !output.some((one) => cut.has(one)));
  const needed = new Set([...h, ...c, ...(y === undefined ? [] : [y])]);
  const nodes = kept
    .reverse()
    .filter(({ input, output }) => {
      if (!output.some((one) => needed.has(one))) return false;
      for (const one of input) if (!cut.has(one)) needed.add(one);
      return true;
    })
    .reverse();
  const width = inputs[0]?.length as number;
  const runtime = await OnnxRuntime.load(
    encodeModel({
      ...decoded,
      graph: {
        ...graph,
        node: nodes,
        value_info: [],
        input: [value(x, [1, 1, width]), ...states.map((state) => value(state, [1, 1, 128]))],
        output: [...h, ...c, ...(y === undefined ? [] : [y])].map((one) => value(one)),
      },
    }),
  );
  let state: Float64Array[] = states.map(() => new Float64Array(128));
  const results = [];
  for (const frame of inputs) {
    const feeds = { [x]: { dims: [1, 1, width], data: frame } };
    for (const [i, one] of states.entries()) {
      Object.assign(feeds, { [one]: { dims: [1, 1, 128], data: state[i] } });
    }
    const outputs = await runtime.run(feeds);
    const of = (one: string) => outputs.get(one)?.data as Float64Array;
    state = h.flatMap((one, l) => [of(one), of(c[l] as string)]);
    results.push({
      h: h.map(of),
      c: c.map(of),
      y: y === undefined ? of(h.at(-1) as string) : of(y),
    });
  }
  await runtime.release();
  return results;
}

/** Largest difference, as a part of the largest number where that is above one: ONNX Runtime has single precision. */
function largest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  const scale = Array.from(b).reduce((most, one) => Math.max(most, Math.abs(one)), 1);
  return (
    Array.from(a).reduce((most, one, i) => Math.max(most, Math.abs(one - (b[i] as number))), 0) /
    scale
  );
}

/** The gate of `b` that is most like each gate of `a`, by the angle between their weights. */
function alike(a: Float64Array, b: Float64Array): number[] {
  const size = a.length / 4;
  const gates = (values: Float64Array) =>
    [0, 1, 2, 3].map((gate) => values.subarray(gate * size, (gate + 1) * size));
  const dot = (p: Float64Array, q: Float64Array) =>
    p.reduce((sum, one, i) => sum + one * (q[i] as number), 0);
  return gates(a).map((p) => {
    const angles = gates(b).map((q) => dot(p, q) / Math.sqrt(dot(p, p) * dot(q, q)));
    return angles.indexOf(Math.max(...angles));
  });
}

describe.skipIf(!there)('trained networks of others', () => {
  it('DTLN: two layers and a fully connected one, as ONNX Runtime computes it', async () => {
    const name = 'dtln_model_1.onnx';
    const { model, notes, leftOut, taken } = importNetwork(bytesOf(name), name);
    expect(model.layers.map(({ inputs, cells }) => [inputs, cells])).toEqual([
      [257, 128],
      [128, 128],
    ]);
    expect(model.output).toMatchObject({ inputs: 128, outputs: 257 });
    expect(notes).toHaveLength(7);
    expect(notes[1]).toContain('lstm_4.initial_h comes from graph input input_3');
    expect(leftOut).toContainEqual({ name: 'Sigmoid', kind: 'node', what: 'Sigmoid' });
    expect(taken).toEqual(expect.arrayContaining(['lstm_4', 'lstm_5', 'dense_2', 'Add']));
    const inputs = frames(257);
    const expected = await lstmInRuntime(
      name,
      {
        x: 'lstm_4_X',
        states: ['lstm_4_initial_h', 'lstm_4_initial_c', 'lstm_5_initial_h', 'lstm_5_initial_c'],
        h: ['lstm_4_Y_h', 'lstm_5_Y_h'],
        c: ['lstm_4_Y_c', 'lstm_5_Y_c'],
        y: 'biased_tensor_name',
      },
      inputs,
    );
    const network = new FloatNetwork(model);
    for (const [t, frame] of inputs.entries()) {
      const { layers, outputs } = network.step(frame);
      const theirs = expected[t] as (typeof expected)[number];
      layers.forEach(({ h, state }, l) => {
        expect(largest(h, theirs.h[l] as Float64Array)).toBeLessThan(1e-5);
        expect(largest(state, theirs.c[l] as Float64Array)).toBeLessThan(1e-5);
      });
      expect(largest(outputs, theirs.y)).toBeLessThan(1e-5);
    }
  });

  it('Silero VAD: the layer of the ONNX file, as ONNX Runtime computes it', async () => {
    const name = 'silero_vad_openvino_16k.onnx';
    const onnx = importNetwork(bytesOf(name), name, { map: ['fc=none'] });
    const file = 'silero_vad_16k.safetensors';
    const asked = refusal(() => importNetwork(bytesOf(file), file));
    expect(asked).toMatchObject({ code: 'MODULE_UNKNOWN', field: 'conv1' });
    expect(asked.message).toContain('fc=none where the hardware ends with h');
    const pytorch = importNetwork(bytesOf(file), file, { map: ['fc=none'] });
    // two releases of one network: its weights have moved, its gates are where they were
    for (const side of ['x', 'h'] as const) {
      const [a, b] = [onnx, pytorch].map(
        (one) => one.model.layers[0]?.[side]?.values as Float64Array,
      );
      expect(alike(a as Float64Array, b as Float64Array)).toEqual([0, 1, 2, 3]);
    }
    expect([onnx.model.output, pytorch.model.output]).toEqual([null, null]);
    expect(onnx.leftOut.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['Relu', 'Conv', 'Sigmoid']),
    );
    expect(pytorch.leftOut).toContainEqual({
      name: 'final_conv.weight',
      kind: 'tensor',
      what: 'F32 [1, 128, 1]',
    });
    const inputs = frames(128);
    const rnn = (value: string) => `F2::If_0_then_branch__Inline_0__/decoder/rnn/${value}`;
    const expected = await lstmInRuntime(
      name,
      {
        x: rnn('Unsqueeze_3_output_0'),
        states: [rnn('Unsqueeze_4_output_0'), rnn('Unsqueeze_5_output_0')],
        h: [rnn('LSTM_output_1')],
        c: [rnn('LSTM_output_2')],
      },
      inputs,
    );
    const network = new FloatNetwork(onnx.model);
    for (const [t, frame] of inputs.entries()) {
      const { layers, outputs } = network.step(frame);
      const theirs = expected[t] as (typeof expected)[number];
      expect(largest(layers[0]?.h ?? [], theirs.h[0] as Float64Array)).toBeLessThan(1e-5);
      expect(largest(layers[0]?.state ?? [], theirs.c[0] as Float64Array)).toBeLessThan(1e-5);
      expect(largest(outputs, theirs.y)).toBeLessThan(1e-5);
    }
  });

  it('Silero VAD: the cell of the safetensors file, as ONNX Runtime computes those weights', async () => {
    const file = 'silero_vad_16k.safetensors';
    const { model } = importNetwork(bytesOf(file), file, { map: ['fc=none'] });
    const { tensors } = readSafetensors(bytesOf(file), file);
    const numbers = (name: string) =>
      decodeElements('float32', tensors.get(`lstm_cell.${name}`)?.bytes as Uint8Array);
    // rows of the gates i, f, g, o to i, o, f, g
    const inOrder = (name: string, columns: number) =>
      [0, 3, 1, 2].flatMap((gate) => [
        ...numbers(name).subarray(gate * 128 * columns, (gate + 1) * 128 * columns),
      ]);
    const graph = {
      node: [node('LSTM', ['x', 'W', 'R', 'B'], ['y'], { hidden_size: 128 })],
      initializer: initializers({
        W: tensor([1, 512, 128], inOrder('weight_ih', 128)),
        R: tensor([1, 512, 128], inOrder('weight_hh', 128)),
        B: tensor([1, 1024], [...inOrder('bias_ih', 1), ...inOrder('bias_hh', 1)]),
      }),
      input: [value('x', ['frames', 1, 128])],
      output: [value('y')],
    };
    const inputs = frames(128);
    const runtime = await OnnxRuntime.load(onnxFile(graph));
    const data = inputs.flatMap((frame) => [...frame]);
    const { y } = Object.fromEntries(await runtime.run({ x: { dims: [FRAMES, 1, 128], data } }));
    await runtime.release();
    const network = new FloatNetwork(model);
    const own = inputs.flatMap((frame) => [...network.step(frame).outputs]);
    expect(largest(own, y?.data ?? [])).toBeLessThan(1e-5);
  });
});
