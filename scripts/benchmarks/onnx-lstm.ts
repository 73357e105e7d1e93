import type { Random } from '../../generator/base/random.js';
import { ONNX_TYPES } from '../../generator/network/import/onnx/protobuf.js';

/** Data types of ONNX tensors. */
const FLOAT = 1;
const INT64 = 7;
/** Type of an attribute that is an integer. */
const INT = 2;

/**
 * An ONNX file of stacked dense LSTM layers of `size` cells on `size` inputs, random weights. Inputs: x0 [frames, 1,
 * size], states h0, c0, h1 ... [1, 1, size]. Outputs: y [frames, 1, 1, size], states hn0, cn0, hn1 ...
 */
export function denseLstm(layers: number, size: number, random: Random): Uint8Array {
  const numbers = [...Array(layers).keys()];
  const state = [1, 1, size];
  const graph = {
    name: 'lstm',
    node: numbers.flatMap((l) => {
      const last = l === layers - 1;
      const lstm = {
        op_type: 'LSTM',
        input: [`x${l}`, `W${l}`, `R${l}`, `B${l}`, '', `h${l}`, `c${l}`],
        output: [last ? 'y' : `y${l}`, `hn${l}`, `cn${l}`],
        attribute: [{ name: 'hidden_size', type: INT, i: size }],
      };
      const squeeze = { op_type: 'Squeeze', input: [`y${l}`, 'axes'], output: [`x${l + 1}`] };
      return last ? [lstm] : [lstm, squeeze];
    }),
    initializer: [
      { name: 'axes', data_type: INT64, dims: [1], int64_data: [1] },
      ...numbers.flatMap((l) => [
        weights(`W${l}`, [1, 4 * size, size], random),
        weights(`R${l}`, [1, 4 * size, size], random),
        weights(`B${l}`, [1, 8 * size], random),
      ]),
    ],
    input: [
      value('x0', ['frames', 1, size]),
      ...numbers.flatMap((l) => [value(`h${l}`, state), value(`c${l}`, state)]),
    ],
    output: [
      value('y', ['frames', 1, 1, size]),
      ...numbers.flatMap((l) => [value(`hn${l}`, state), value(`cn${l}`, state)]),
    ],
  };
  const model = { ir_version: 8, opset_import: [{ domain: '', version: 14 }], graph };
  const type = ONNX_TYPES.lookupType('ModelProto');
  return type.encode(type.fromObject(model)).finish();
}

/** Uniform in [-0.1, 0.1). */
function weights(name: string, dims: readonly number[], random: Random) {
  const length = dims.reduce((a, b) => a * b, 1);
  const values = Float32Array.from({ length }, () => 0.2 * random.unit() - 0.1);
  return { name, dims, data_type: FLOAT, raw_data: new Uint8Array(values.buffer) };
}

function value(name: string, dims: readonly (number | string)[]) {
  const dim = dims.map((d) => (typeof d === 'string' ? { dim_param: d } : { dim_value: d }));
  return { name, type: { tensor_type: { elem_type: FLOAT, shape: { dim } } } };
}
