import { expect, test } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { importNetwork } from '../../generator/network/import/import.js';
import { denseLstm } from '../../scripts/benchmarks/onnx-lstm.js';

test('the network that onnxruntime runs in the benchmark is dense and of the given shape', () => {
  const { model } = importNetwork(denseLstm(3, 8, new Random(5)), 'dense.onnx');
  expect(model.layers.map(({ inputs, cells }) => [inputs, cells])).toEqual(Array(3).fill([8, 8]));
  expect(model.output).toBeNull();
  const zeros = model.layers.flatMap(({ x, h, bias }) =>
    [x, h, bias].map((one) => [...(one?.values ?? [NaN])].filter((value) => value === 0).length),
  );
  expect(zeros).toEqual(Array(9).fill(0));
});
