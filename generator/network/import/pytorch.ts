import { UserError } from '../../base/errors.js';
import { FORMAT_KEY } from '../compressed/description.js';
import { isCompressedModel } from '../compressed/read.js';
import type { FloatLayer, FloatModel, FloatOutput, FloatTensor } from '../float/model.js';
import { decodeElements } from '../formats/elements.js';
import type { SafetensorsFile, Tensor } from '../formats/safetensors.js';
import { MAX_CODES, MAX_SIZE } from '../limits.js';

const LSTM_NAME = /^lstm\.(weight|bias)_(ih|hh)_l(0|[1-9]\d*)$/;
const OUTPUT_NAME = /^fc\.(weight|bias)$/;

/**
 * Reads a trained network with the names of torch.nn.LSTM and torch.nn.Linear: `lstm.weight_ih_l0`,
 * `lstm.weight_hh_l0`, both biases or none, the same for further layers; `fc.weight` and `fc.bias` or none.
 * Gate order i, f, g, o, which is PyTorch's. Metadata are not looked at.
 * @throws UserError ALREADY_COMPRESSED, NOT_AN_LSTM (with the names found), TENSOR_MISSING, TENSOR_DTYPE,
 * TENSOR_SHAPE or TENSOR_NOT_FINITE.
 */
export function importPytorch(source: SafetensorsFile, file: string): FloatModel {
  if (isCompressedModel(source)) {
    throw new UserError({
      code: 'ALREADY_COMPRESSED',
      message: `${file} is a compressed model already; compress takes a trained float network`,
      file,
      field: FORMAT_KEY,
      expected: 'a float network with PyTorch names',
      got: 'a compressed model',
    });
  }
  const count = countLayers([...source.tensors.keys()], file);
  const reader = new TensorReader(source, file);
  const layers: FloatLayer[] = [];
  for (let l = 0; l < count; l++) layers.push(readLayer(reader, l, layers[l - 1]?.cells));
  return { layers, output: readOutput(reader, layers.at(-1)?.cells as number) };
}

/** Number of layers; every name must be one of ours and no layer may be missing. */
function countLayers(names: readonly string[], file: string): number {
  const layers = names.flatMap((name) => LSTM_NAME.exec(name)?.[3] ?? []).map(Number);
  const foreign = names.filter((name) => !LSTM_NAME.test(name) && !OUTPUT_NAME.test(name));
  if (layers.length === 0 || foreign.length > 0) {
    const found = names.length === 0 ? 'no tensors' : [...names].sort().join(', ');
    const what = layers.length === 0 ? 'these are not' : `not ${foreign.sort().join(', ')}`;
    throw new UserError({
      code: 'NOT_AN_LSTM',
      message: `${file}: tensor names must be those of an LSTM (lstm.weight_ih_l0 ..., fc.weight), ${what}; found: ${found}`,
      file,
      field: foreign[0],
      expected: 'lstm.{weight,bias}_{ih,hh}_l0 ..., fc.weight, fc.bias',
      got: found,
    });
  }
  return layers.reduce((most, layer) => Math.max(most, layer + 1), 0);
}

function readLayer(reader: TensorReader, l: number, below: number | undefined): FloatLayer {
  const name = (kind: string) => `lstm.${kind}_l${l}`;
  const [rows = 0, inputs = 0] = reader.shape(name('weight_ih'), 2);
  if (rows % 4 !== 0) throw reader.badShape(name('weight_ih'), '4 x cells rows', `${rows} rows`);
  const cells = rows / 4;
  const x = reader.read(name('weight_ih'), [rows, below ?? inputs]);
  const h = reader.read(name('weight_hh'), [rows, cells]);
  const biases = ['bias_ih', 'bias_hh'].map(name);
  const [first, second] = biases.some((bias) => reader.has(bias))
    ? biases.map((bias) => reader.read(bias, [rows]).values)
    : [];
  const values = Float64Array.from(
    { length: rows },
    (_, i) => (first?.[i] ?? 0) + (second?.[i] ?? 0),
  );
  return { inputs, cells, x, h, bias: { name: `lstm.bias_l${l}`, values } };
}

function readOutput(reader: TensorReader, cells: number): FloatOutput | null {
  const hasBias = reader.has('fc.bias');
  if (!reader.has('fc.weight') && !hasBias) return null;
  const [outputs = 0] = reader.shape('fc.weight', 2);
  const weights = reader.read('fc.weight', [outputs, cells]);
  const bias = hasBias
    ? reader.read('fc.bias', [outputs])
    : { name: 'fc.bias', values: new Float64Array(outputs) };
  return { inputs: cells, outputs, weights, bias };
}

class TensorReader {
  constructor(
    private readonly source: SafetensorsFile,
    private readonly file: string,
  ) {}

  has(name: string): boolean {
    return this.source.tensors.has(name);
  }

  /** The shape of a tensor that must exist with `axes` axes, none of them empty or too long. */
  shape(name: string, axes: number): readonly number[] {
    const { shape } = this.#tensor(name);
    const sizes = shape.every((n, axis) => n >= 1 && n <= (axis === 0 ? 4 : 1) * MAX_SIZE);
    if (shape.length !== axes || !sizes || shape.reduce((a, b) => a * b, 1) > MAX_CODES) {
      throw this.badShape(name, `${axes} axes of sensible length`, `[${shape.join(', ')}]`);
    }
    return shape;
  }

  /** All values of a float tensor of the given shape. */
  read(name: string, expected: readonly number[]): FloatTensor {
    const { dtype, shape, bytes } = this.#tensor(name);
    if (dtype !== 'F32' && dtype !== 'F64')
      throw this.#fail('TENSOR_DTYPE', name, 'F32 or F64', dtype);
    if (shape.join() !== expected.join()) {
      throw this.badShape(name, `[${expected.join(', ')}]`, `[${shape.join(', ')}]`);
    }
    const values = decodeElements(dtype === 'F32' ? 'float32' : 'float64', bytes);
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      const got = `${values[bad]} at element ${bad}`;
      throw this.#fail('TENSOR_NOT_FINITE', name, 'finite numbers', got);
    }
    return { name, values };
  }

  badShape(name: string, expected: string, got: string): UserError {
    return this.#fail('TENSOR_SHAPE', name, expected, got);
  }

  #tensor(name: string): Tensor {
    const tensor = this.source.tensors.get(name);
    if (tensor !== undefined) return tensor;
    const names = [...this.source.tensors.keys()].sort().join(', ');
    throw this.#fail('TENSOR_MISSING', name, 'a tensor of that name', `only ${names}`);
  }

  #fail(code: string, field: string, expected: string, got: string): UserError {
    const message = `${this.file}: ${field}: expected ${expected}, got ${got}`;
    return new UserError({ code, message, file: this.file, field, expected, got });
  }
}
