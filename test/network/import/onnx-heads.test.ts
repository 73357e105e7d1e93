import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../generator/base/package.js';
import { FloatNetwork } from '../../../generator/network/float/run.js';
import { readNpy } from '../../../generator/network/formats/npy.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import { ints, node, onnxFile, tensor } from '../../support/onnx.js';
import { refusal } from '../../support/refusal.js';
import { disagreement } from './support/agreement.js';
import { graphOf, lstm } from './support/lstm-graph.js';
import { first, gemm, parts, two } from './support/standard-network.js';

const folder = resolve(packageRoot, 'test/network/import/files');
const bytesOf = (name: string) => readFileSync(resolve(folder, name));
const arrayOf = (name: string) => readNpy(bytesOf(name), name);

describe('heads as PyTorch exports them', () => {
  /** Runs a file on the frames that PyTorch ran it on: what it gave in every frame, or in the last one. */
  const computed = (name: string) => {
    const { model, notes } = importNetwork(bytesOf(`${name}.onnx`), `${name}.onnx`);
    const [x, y] = [arrayOf(`${name}.x.npy`), arrayOf(`${name}.y.npy`)];
    const [batch, frames, inputs] = x.shape as [number, number, number];
    const every = y.shape.length === 3;
    const network = new FloatNetwork(model);
    const got = Array.from({ length: batch }, (_, utterance) => {
      network.reset();
      const outputs = Array.from({ length: frames }, (__, t) => {
        const start = (utterance * frames + t) * inputs;
        return [...network.step(x.data.slice(start, start + inputs)).outputs];
      });
      return (every ? outputs : outputs.slice(-1)).flat();
    }).flat();
    expect(got).toHaveLength(y.data.length);
    got.forEach((value, i) => {
      expect(Math.abs(value - (y.data[i] as number))).toBeLessThan(1e-5);
    });
    return { model, notes };
  };

  it('a dense layer on h_n[-1] of two layers is taken, and computes what PyTorch computed', () => {
    const { notes } = computed('head-A1');
    expect(notes).toEqual([
      'frames are graph input x [batch, frames, 5]',
      'outputs are output y [batch, 3]; the file computes it for the last frame only, the hardware for every frame',
    ]);
  });

  it('two dense layers with ReLU between them are taken, and compute what PyTorch computed', () => {
    const { model } = computed('head-G1');
    expect(model.layers.at(-1)).toMatchObject({
      cell: 'dense-linear',
      range: { low: 0, high: Number.POSITIVE_INFINITY },
    });
    expect(model.output?.inputs).toBe(model.layers.at(-1)?.cells);
  });

  it.each([['head-conv.onnx', 'conv1x1', /output o .*--map fc=none.*got Conv/]])(
    '%s is refused by name, and h alone is there for who wants it',
    (name, field, says) => {
      const report = refusal(() => importNetwork(bytesOf(name), name));
      expect(report).toMatchObject({ code: 'OUTPUT_NOT_TAKEN', field });
      expect(report.message).toMatch(says);
      const { model, notes, headLeftOut } = importNetwork(bytesOf(name), name, {
        map: ['fc=none'],
      });
      expect(model.output).toBeNull();
      expect(headLeftOut).toBe(true);
      expect(notes.join('\n')).toContain(`is left out (--map fc=none): it depends on h through`);
    },
  );
});

describe('inputs of an LSTM node that say nothing new are taken', () => {
  it('sequence lengths that are those of X, and peepholes of zeros', async () => {
    const same = lstm(first, 0, 'x', { inputs: ['lengths', '', '', 'P'] });
    const own = parts([], {
      lengths: tensor([2], [9, 9], 'int32'),
      P: tensor([1, 12], new Array(12).fill(0)),
    });
    const bytes = onnxFile(graphOf([own, same], { outputs: ['Y_0'], frames: 9, batch: 2 }));
    const imported = importNetwork(bytes, 'net.onnx');
    expect(imported.leftOut).toEqual([]);
    expect(await disagreement(bytes, imported, { x: [9, 2, 5] })).toBeNull();
  });
});

describe('lengths that the file computes from other lengths are followed', () => {
  const of = (name: string, to: string) => [
    node('Shape', [name], [`${to}_s`]),
    node('Gather', [`${to}_s`, `${to}_i`], [`${to}_g`], { axis: 0 }),
    node('Unsqueeze', [`${to}_g`, 'zero'], [to]),
  ];
  const index = (to: string, at: number) => ({ [`${to}_i`]: tensor([], [at], 'int64') });
  const rowsByShape = parts(
    [
      ...of('x', 'T'),
      ...of('h', 'B'),
      node('Mul', ['T', 'B'], ['n']),
      node('Concat', ['n', 'three'], ['flat'], { axis: 0 }),
      node('Reshape', ['h', 'flat'], ['rows']),
    ],
    { ...index('T', 0), ...index('B', 1), zero: ints(0), three: ints(3) },
  );
  const back = parts(
    [
      node('Shape', ['h'], ['whole']),
      node('Slice', ['whole', 'zero', 'two', 'zero'], ['front']),
      node('Concat', ['front', 'two'], ['back'], { axis: 0 }),
      node('Reshape', ['y', 'back'], ['z']),
    ],
    { two: ints(2) },
  );

  it('to rows and back, as Keras writes a dense layer', async () => {
    const bytes = onnxFile(graphOf([...two, rowsByShape, gemm, back], { outputs: ['z'] }));
    const imported = importNetwork(bytes, 'net.onnx');
    expect(imported.notes.at(-1)).toBe('outputs are output z [frames, batch, 2]');
    expect(imported.leftOut).toEqual([]);
    expect(await disagreement(bytes, imported, { x: [6, 2, 5] })).toBeNull();
  });

  it('but not where they exchange frames and utterances', () => {
    const wrong = parts(
      [
        ...of('x', 'T'),
        ...of('x', 'B'),
        node('Concat', ['B', 'T', 'three'], ['exchanged'], { axis: 0 }),
        node('Reshape', ['h', 'exchanged'], ['y']),
      ],
      { ...index('T', 0), ...index('B', 1), zero: ints(0), three: ints(3) },
    );
    const file = onnxFile(graphOf([...two, wrong], { outputs: ['y'] }));
    const report = refusal(() => importNetwork(file, 'net.onnx'));
    expect(report).toMatchObject({ code: 'OUTPUT_NOT_TAKEN', field: 'Reshape_y' });
  });
});
