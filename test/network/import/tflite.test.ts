import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../generator/base/package.js';
import { contentsOf, importNetwork } from '../../../generator/network/import/import.js';
import { refusal } from '../../support/refusal.js';
import { type SubgraphSpec, type TensorSpec, tfliteFile } from '../../support/tflite.js';
import {
  CELLS,
  FRAMES,
  INPUTS,
  LSTM_INPUTS,
  LSTM_TENSORS,
  lastFrame,
  lstm,
  numbers,
  OPTIONS,
  OUTPUTS,
  weights,
} from './support/tflite-network.js';

const read = (graph: SubgraphSpec, ...map: string[]) =>
  importNetwork(tfliteFile(graph), 'net.tflite', { map });

/** One operator of the file alone, with other inputs or options, and further tensors. */
const one = (own: Partial<typeof lstm>, more: readonly TensorSpec[] = []): SubgraphSpec => ({
  tensors: [...LSTM_TENSORS, ...more],
  operators: [{ ...lstm, ...own }],
  inputs: ['x'],
  outputs: ['h'],
});

/** The inputs with another tensor at a place. */
const withInput = (place: number, name: string) =>
  LSTM_INPUTS.map((own, i) => (i === place ? name : own));

const close = (got: ArrayLike<number> | undefined, expected: readonly number[]) =>
  expect([...(got as Float64Array)]).toEqual(expected);

describe('TensorFlow Lite', () => {
  it('reads the gates of the operator and the layer on the last frame', () => {
    const { format, model, notes, leftOut, outputs, frames } = read(lastFrame());
    expect(format).toBe('tflite');
    const [layer] = model.layers;
    expect(layer).toMatchObject({ inputs: INPUTS, cells: CELLS });
    const { x, h, b } = weights;
    close(layer?.x.values, [...x.i, ...x.f, ...x.g, ...x.o]);
    close(layer?.h?.values, [...h.i, ...h.f, ...h.g, ...h.o]);
    close(layer?.bias.values, [...b.i, ...b.f, ...b.g, ...b.o]);
    close(model.output?.weights.values, weights.W);
    close(model.output?.bias.values, weights.d);
    expect(frames).toMatchObject({ name: 'x', behind: null });
    expect(outputs).toMatchObject([
      { name: 'p', is: 'outputs', lastFrame: true, final: 'Softmax' },
    ]);
    expect(leftOut.map(({ name }) => name)).toEqual(['SOFTMAX#3']);
    expect(notes.join('\n')).toMatch(/clips its cell state at 10/);
  });

  it('leaves out graphs that the first one does not run, by name', () => {
    const { leftOut } = importNetwork(tfliteFile(one({}), lastFrame()), 'net.tflite');
    expect(leftOut.map(({ name }) => name)).toEqual([expect.stringMatching(/^subgraph 1/)]);
  });

  it('takes the frames in the order that the operator says', () => {
    const options = [...OPTIONS, [3, 'int8', 1]] as const;
    const turned = LSTM_TENSORS.map((tensor): TensorSpec => {
      if (tensor.name === 'x') return { ...tensor, shape: [FRAMES, 1, INPUTS] };
      return tensor.name === 'h' ? { ...tensor, shape: [FRAMES, 1, CELLS] } : tensor;
    });
    const graph = { ...one({ options }), tensors: turned };
    expect(read(graph).frames?.axes).toEqual([['time'], [], ['feature']]);
    expect(read(one({})).frames?.axes).toEqual([[], ['time'], ['feature']]);
  });

  it('takes codes with scales as the numbers that they stand for, by tensor and by channel', () => {
    const codes = Array.from({ length: CELLS * INPUTS }, (_, i) => i - 6);
    const quantised = (scales: readonly number[], zeros: readonly number[]) => {
      const quantization = { scales, zeros };
      const spec = {
        name: 'Wi',
        shape: [CELLS, INPUTS],
        type: 'int8',
        values: codes,
        quantization,
      };
      const tensors = LSTM_TENSORS.map((own) => (own.name === 'Wi' ? (spec as TensorSpec) : own));
      return read({ ...one({}), tensors });
    };
    const whole = quantised([0.25], [3]);
    close(
      whole.model.layers[0]?.x.values.subarray(0, codes.length),
      codes.map((code) => (code - 3) * 0.25),
    );
    expect(whole.notes.join('\n')).toMatch(/int8 with a scale/);
    const channels = quantised([0.25, 0.5, 1, 2], [0, 0, 0, 1]);
    close(
      channels.model.layers[0]?.x.values.subarray(0, codes.length),
      codes.map(
        (code, i) => [code / 4, code / 2, code, 2 * (code - 1)][Math.floor(i / INPUTS)] ?? 0,
      ),
    );
  });

  it('takes float16 weights behind DEQUANTIZE', () => {
    const values = numbers(CELLS * INPUTS).map((value) => Math.round(value * 64) / 64);
    const half: TensorSpec = { name: 'half', shape: [CELLS, INPUTS], type: 'float16', values };
    const graph = one({}, [half]);
    const tensors = graph.tensors.map((own) =>
      own.name === 'Wi' ? { name: 'Wi', shape: own.shape } : own,
    );
    const operators = [{ op: 'DEQUANTIZE', inputs: ['half'], outputs: ['Wi'] }, ...graph.operators];
    const { model, taken, leftOut } = read({ ...graph, tensors, operators });
    close(model.layers[0]?.x.values.subarray(0, values.length), values);
    expect(taken).toEqual(expect.arrayContaining(['half', 'DEQUANTIZE#0']));
    expect(leftOut).toEqual([]);
  });

  const cells = { shape: [CELLS], values: numbers(CELLS) };
  it.each<readonly [string, SubgraphSpec, RegExp]>([
    [
      'layer normalization',
      one({ inputs: withInput(21, 'n') }, [{ name: 'n', ...cells }]),
      /got layer normalization/,
    ],
    [
      'a clip',
      one({
        options: [
          [0, 'int8', 4],
          [1, 'float32', 3],
        ],
      }),
      /clip of the cell state at 3/,
    ],
    ['another activation', one({ options: [[0, 'int8', 1]] }), /activation RELU/],
    ['both directions', one({ op: 'BIDIRECTIONAL_SEQUENCE_LSTM' }), /bidirectional LSTM/],
    [
      'integers',
      {
        ...one({}),
        tensors: LSTM_TENSORS.map((own) => (own.name === 'x' ? { ...own, type: 'int8' } : own)),
      },
      /integer-quantised/,
    ],
  ])('refuses %s by name', (_, graph, says) => {
    const report = refusal(() => read(graph));
    expect(report).toMatchObject({ code: 'LSTM_UNSUPPORTED', file: 'net.tflite' });
    expect(report.message).toMatch(says);
  });

  it('refuses frames that are turned round, as bidirectional where another LSTM reads them forward', () => {
    const axis: TensorSpec = { name: 'axis', shape: [1], type: 'int32', values: [1] };
    const turned: TensorSpec = { name: 'turned', shape: [1, FRAMES, INPUTS] };
    const back = { op: 'REVERSE_V2', inputs: ['x', 'axis'], outputs: ['turned'] };
    const own = one({ inputs: withInput(0, 'turned') }, [axis, turned]);
    const alone = { ...own, operators: [back, ...own.operators] };
    expect(refusal(() => read(alone)).message).toMatch(/got backward LSTM/);
    const other: TensorSpec = { name: 'other', shape: [1, FRAMES, CELLS] };
    const both = {
      ...alone,
      tensors: [...alone.tensors, other],
      operators: [...alone.operators, { ...lstm, outputs: ['other'] }],
      outputs: ['h', 'other'],
    };
    expect(refusal(() => read(both)).message).toMatch(/got bidirectional LSTM/);
  });

  it.each([
    [1, { low: 0, high: Number.POSITIVE_INFINITY }],
    [2, { low: -1, high: 1 }],
    [3, { low: 0, high: 6 }],
  ])('takes activation %i in the layer', (activation, range) => {
    const whole = lastFrame();
    const operators = whole.operators
      .filter(({ op }) => op !== 'SOFTMAX')
      .map((own) =>
        own.op === 'FULLY_CONNECTED'
          ? { ...own, outputs: whole.outputs, options: [[0, 'int8', activation]] as const }
          : own,
      );
    const { model, leftOut } = read({ ...whole, operators });
    expect(model.output).toBeNull();
    expect(model.layers.at(-1)).toMatchObject({ cell: 'dense-linear', range });
    expect(leftOut).toEqual([]);
  });

  it('takes fully connected layers alone, each row being a frame', () => {
    const of = (name: string, shape: readonly number[]): TensorSpec => ({
      name,
      shape,
      values: numbers(shape.reduce((a, b) => a * b, 1)),
    });
    const dense = (from: string, to: string, activation: number) => ({
      op: 'FULLY_CONNECTED',
      inputs: [from, `W_${to}`, `b_${to}`],
      outputs: [to],
      options: [[0, 'int8', activation]] as const,
    });
    const head = of('W_y', [2, 4]);
    const { model, notes, leftOut, taken } = read({
      tensors: [
        { name: 'x', shape: [1, 3] },
        { name: 'a', shape: [1, 4] },
        { name: 'b', shape: [1, 4] },
        { name: 'y', shape: [1, 2] },
        ...[of('W_a', [4, 3]), of('b_a', [4]), of('W_b', [4, 4]), of('b_b', [4])],
        ...[head, of('b_y', [2])],
      ],
      operators: [dense('x', 'a', 3), dense('a', 'b', 4), dense('b', 'y', 0)],
      inputs: ['x'],
      outputs: ['y'],
    });
    expect(model.layers).toMatchObject([
      { cell: 'dense-linear', inputs: 3, cells: 4, range: { low: 0, high: 6 } },
      { cell: 'dense-tanh', inputs: 4, cells: 4 },
    ]);
    expect([...(model.output?.weights.values ?? [])]).toEqual(
      Array.from(head.values ?? [], Math.fround),
    );
    expect(notes[0]).toMatch(/^frames are the rows of graph input x/);
    expect(leftOut).toEqual([]);
    expect(taken).toHaveLength(9);
  });

  it('refuses a softmax behind an activation, or leaves the head out where the user says so', () => {
    const whole = lastFrame();
    const operators = whole.operators.map((own) =>
      own.op === 'FULLY_CONNECTED' ? { ...own, options: [[0, 'int8', 1]] as const } : own,
    );
    const report = refusal(() => read({ ...whole, operators }));
    expect(report).toMatchObject({ code: 'OUTPUT_NOT_TAKEN', field: 'SOFTMAX#3' });
    const alone = read({ ...whole, operators }, 'fc=none');
    expect(alone.headLeftOut).toBe(true);
    expect(alone.leftOut.map(({ name }) => name)).toContain('FULLY_CONNECTED#2');
  });

  it('refuses a function of one value that reads two', () => {
    const whole = lastFrame();
    const ends = (...inputs: string[]) =>
      read({
        ...whole,
        operators: whole.operators.map((own) =>
          own.op === 'SOFTMAX'
            ? { op: 'LOGISTIC' as const, inputs: [...own.inputs, ...inputs], outputs: own.outputs }
            : own,
        ),
      });
    expect(ends().outputs).toMatchObject([{ final: 'Sigmoid' }]);
    expect(refusal(() => ends('x'))).toMatchObject({
      code: 'OUTPUT_NOT_TAKEN',
      got: expect.stringContaining('tflite.LOGISTIC'),
    });
  });

  it('lists what is in a file', () => {
    expect(contentsOf(tfliteFile(lastFrame()), 'net.tflite')).toEqual([
      {
        name: 'UNIDIRECTIONAL_SEQUENCE_LSTM#0',
        what: `UNIDIRECTIONAL_SEQUENCE_LSTM, ${INPUTS} inputs, ${CELLS} cells`,
      },
      { name: 'STRIDED_SLICE#1', what: 'STRIDED_SLICE' },
      {
        name: 'FULLY_CONNECTED#2',
        what: `FULLY_CONNECTED, ${CELLS} inputs, ${OUTPUTS} outputs`,
      },
      { name: 'SOFTMAX#3', what: 'SOFTMAX' },
    ]);
  });

  it('ends in an error of its own wherever the file is cut or an offset is wild', () => {
    const bytes = tfliteFile(lastFrame());
    for (let at = 8; at < bytes.length; at += 3) {
      const wild = bytes.slice();
      wild.fill(0xff, at, at + 2);
      for (const broken of [wild, bytes.slice(0, at)]) {
        try {
          importNetwork(broken, 'broken.tflite');
        } catch (error) {
          expect(error).toMatchObject({ name: 'UserError' });
        }
      }
    }
  });
});

const published = resolve(packageRoot, '../shared/data/zoo/trained_lstm.tflite');
describe.skipIf(!existsSync(published))('a published network', () => {
  it('is taken without its head, which reads all frames at once', () => {
    const bytes = readFileSync(published);
    const report = refusal(() => importNetwork(bytes, 'trained_lstm.tflite'));
    expect(report).toMatchObject({ code: 'OUTPUT_NOT_TAKEN', field: 'FULLY_CONNECTED#2' });
    expect(report.message).toMatch(/--map fc=none/);
    const { model, leftOut } = importNetwork(bytes, 'trained_lstm.tflite', { map: ['fc=none'] });
    expect(model.layers).toMatchObject([{ inputs: 28, cells: 20 }]);
    expect(leftOut.map(({ name }) => name)).toContain('FULLY_CONNECTED#2');
  });
});
