import { FORMAT_KEY, MODEL_KEY } from '../../generator/network/compressed/metadata.js';
import { encodeElements } from '../../generator/network/formats/elements.js';
import { type Tensor, writeSafetensors } from '../../generator/network/formats/safetensors.js';
import type { Model, SparseMatrix } from '../../generator/network/model.js';
import { patternKind } from '../../generator/sparsity/kind-of.js';
import { hcgsOf } from './hcgs-of.js';
import { type LayerView, stackOf } from './stack.js';

/** A model of LSTM layers and at most one output layer as a file of format 1, which is read, and written here alone. */
export function format1Bytes(model: Model): Uint8Array {
  const { words, input, provenance } = model;
  const { layers, output } = stackOf(model);
  const { segments } = model.tables.scheme;
  const tensors = new Map<string, Tensor>();
  const matrix = (name: string, own: SparseMatrix, gates: number) => {
    addMatrix(tensors, name, own, gates, words.weight);
    return matrixOf(own);
  };
  const layer = ({ x, h, bias, cells, inputs, ...points }: LayerView, l: number) => {
    tensors.set(`lstm.${l}.bias`, int32(bias, [4, cells]));
    return {
      ...{ kind: 'lstm', inputs, cells, biasFraction: points.biasFraction },
      cellFraction: points.cellFraction,
      x: matrix(`lstm.${l}.x`, x, 4),
      h: matrix(`lstm.${l}.h`, h, 4),
    };
  };
  if (output !== null) tensors.set('output.bias', int32(output.bias, [output.outputs]));
  for (const table of ['sigmoid', 'tanh'] as const) {
    tensors.set(`table.${table}.y0`, int32(model.tables[table].y0, [segments]));
    tensors.set(`table.${table}.slope`, int32(model.tables[table].slope, [segments]));
  }
  const { weight, activation, cell, bias } = words;
  const description = {
    words: { weight, activation, cell, bias },
    inputFraction: input.fraction,
    gates: 'ifgo',
    layers: layers.map(layer),
    output: output && {
      ...{ kind: 'output', inputs: output.inputs, outputs: output.outputs },
      biasFraction: output.biasFraction,
      weights: matrix('output', output.weights, 1),
    },
    tables: model.tables.scheme,
    provenance: Object.fromEntries(Object.entries(provenance).sort()),
  };
  const metadata = { [FORMAT_KEY]: '1', [MODEL_KEY]: JSON.stringify(description) };
  return writeSafetensors({ metadata, tensors });
}

function matrixOf({ rows, columns, exponent, sharing, patterns }: SparseMatrix) {
  return {
    ...{ rows, columns, exponent, sharing },
    blocks: hcgsOf(patterns[0]).blocks,
    keep: hcgsOf(patterns[0]).keep,
    filledPositions: patterns.map((pattern) => hcgsOf(pattern).filledPositions ?? 0),
  };
}

function addMatrix(
  tensors: Map<string, Tensor>,
  name: string,
  { rows, columns, patterns, codes }: SparseMatrix,
  gates: number,
  weightBits: number,
): void {
  const { file } = patternKind({ kind: 'hcgs' });
  const size = { gates, rows, columns, patterns: patterns.length, weightBits };
  const values = file.encode(patterns, codes, size, name);
  for (const { part, dtype, shape } of file.tensors(file.describe(patterns), size, { name })) {
    const type = ({ I8: 'int8', I16: 'int16', U8: 'uint8', U16: 'uint16', I32: 'int32' } as const)[
      dtype
    ];
    const bytes = encodeElements(type, values.get(part) ?? []);
    tensors.set(`${name}.${part}`, { dtype, shape, bytes });
  }
}

function int32(values: Int32Array, shape: readonly number[]): Tensor {
  return { dtype: 'I32', shape, bytes: encodeElements('int32', values) };
}
