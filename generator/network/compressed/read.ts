import { UserError } from '../../base/errors.js';
import { unpackBlocks } from '../../sparsity/hcgs/codes.js';
import { validatePattern } from '../../sparsity/hcgs/validate.js';
import { decodeElements } from '../formats/elements.js';
import { readSafetensors, type SafetensorsFile } from '../formats/safetensors.js';
import { checkWordLengths, MAX_CODES } from '../limits.js';
import { mismatch } from '../mismatch.js';
import { GATES, type Model, type SparseMatrix } from '../model.js';
import { stackedPasses } from '../stack.js';
import { checkModel } from './check.js';
import {
  descriptionSchema,
  FORMAT_KEY,
  FORMAT_VERSION,
  type MatrixDescription,
  MODEL_KEY,
  type ModelDescription,
  TABLES,
} from './description.js';
import { lstmNames } from './names.js';
import { codesName, ELEMENT_TYPES, emptyLayout, indexName, planTensors } from './tensors.js';

/** Whether a safetensors file says that it is a compressed model. */
export function isCompressedModel(file: SafetensorsFile): boolean {
  return FORMAT_KEY in file.metadata || MODEL_KEY in file.metadata;
}

/**
 * Reads a compressed model and checks it against its own description. `file` is the name used in errors.
 * @throws UserError with the tensor and the two values that disagree.
 */
export function parseModel(bytes: Uint8Array, file: string): Model {
  const content = readSafetensors(bytes, file);
  const description = parseDescription(content, file);
  const values = readTensors(content, description, file);
  const matrix = (prefix: string, part: MatrixDescription, gates: number) =>
    readMatrix(values, prefix, part, gates, file);
  const integers = (name: string) => Int32Array.from(values.get(name) ?? []);
  const table = (name: string) => ({
    y0: integers(`table.${name}.y0`),
    slope: integers(`table.${name}.slope`),
  });
  const { words, inputFraction, layers, output, provenance } = description;
  const passes = stackedPasses([
    ...layers.map(({ cells, cellFraction, biasFraction, x, h }, l) => ({
      ...{ cell: 'lstm' as const, rows: cells, biasFraction, stateFraction: cellFraction },
      x: matrix(`lstm.${l}.x`, x, GATES.length),
      h: matrix(`lstm.${l}.h`, h, GATES.length),
      bias: integers(`lstm.${l}.bias`),
    })),
    ...(output === null
      ? []
      : [
          {
            ...{ cell: 'dense' as const, rows: output.outputs, stateFraction: null },
            ...{ x: matrix('output', output.weights, 1), h: null },
            ...{ bias: integers('output.bias'), biasFraction: output.biasFraction },
          },
        ]),
  ]);
  const model: Model = {
    words,
    input: { length: layers[0]?.inputs as number, fraction: inputFraction },
    passes,
    tables: { sigmoid: table('sigmoid'), tanh: table('tanh') },
    provenance,
  };
  checkFollowing(description, file);
  checkModel(model, file, lstmNames);
  return model;
}

/** Sizes that the description says twice. */
function checkFollowing({ layers, output }: ModelDescription, file: string): void {
  const same = (field: string, expected: number, got: number) => {
    if (got !== expected) throw mismatch(field, expected, got, file);
  };
  layers.forEach(({ inputs, cells, x, h }, l) => {
    const below = layers[l - 1];
    if (below !== undefined) same(`lstm.${l}.inputs`, below.cells, inputs);
    same(`lstm.${l}.x.rows`, cells, x.rows);
    same(`lstm.${l}.x.columns`, inputs, x.columns);
    same(`lstm.${l}.h.rows`, cells, h.rows);
    same(`lstm.${l}.h.columns`, cells, h.columns);
  });
  if (output === null) return;
  const { inputs, outputs, weights } = output;
  same('output.inputs', layers.at(-1)?.cells as number, inputs);
  same('output.rows', outputs, weights.rows);
  same('output.columns', inputs, weights.columns);
  if (weights.blocks.length !== 0) {
    throw mismatch('output', 'a dense matrix', 'a block pattern', file);
  }
}

function parseDescription({ metadata }: SafetensorsFile, file: string): ModelDescription {
  const version = metadata[FORMAT_KEY];
  if (version === undefined) {
    throw new UserError({
      code: 'NOT_A_COMPRESSED_MODEL',
      message: `${file} is no compressed model; make one with "hcgs compress" or "hcgs random"`,
      file,
      field: FORMAT_KEY,
      expected: FORMAT_VERSION,
      got: 'nothing',
    });
  }
  if (version !== FORMAT_VERSION) throw mismatch(FORMAT_KEY, FORMAT_VERSION, version, file);
  let json: unknown;
  try {
    json = JSON.parse(metadata[MODEL_KEY] ?? '');
  } catch (cause) {
    throw mismatch(MODEL_KEY, 'JSON text', (cause as SyntaxError).message, file);
  }
  const parsed = descriptionSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = [MODEL_KEY, ...(issue?.path ?? [])].join('.');
    throw mismatch(field, 'what docs/compressed-model.md says', issue?.message ?? '', file);
  }
  for (const [key, expected] of Object.entries(TABLES)) {
    const got = parsed.data.tables[key as keyof typeof TABLES];
    if (got !== expected) throw mismatch(`${MODEL_KEY}.tables.${key}`, expected, got, file);
  }
  return parsed.data;
}

/** The values of every planned tensor; a missing, unexpected or misshaped tensor is refused. */
function readTensors(
  { tensors }: SafetensorsFile,
  description: ModelDescription,
  file: string,
): ReadonlyMap<string, Float64Array> {
  checkWordLengths(description.words, file);
  checkSizes(description, file);
  const plans = planTensors(description);
  const planned = new Set(plans.map((plan) => plan.name));
  for (const name of tensors.keys()) {
    if (!planned.has(name)) throw mismatch(name, 'no such tensor', 'a tensor', file);
  }
  return new Map(
    plans.map(({ name, dtype, shape }) => {
      const tensor = tensors.get(name);
      if (tensor === undefined) throw mismatch(name, `${dtype} [${shape}]`, 'no tensor', file);
      const [expected, got] = [`${dtype} [${shape}]`, `${tensor.dtype} [${tensor.shape}]`];
      if (expected !== got) throw mismatch(name, expected, got, file);
      return [name, decodeElements(ELEMENT_TYPES[dtype], tensor.bytes)];
    }),
  );
}

/** Levels and sizes that the shapes of tensors are computed from. */
function checkSizes({ layers, output }: ModelDescription, file: string): void {
  const matrices: [string, MatrixDescription, number][] = layers.flatMap((layer, l) => [
    [`lstm.${l}.x`, layer.x, GATES.length],
    [`lstm.${l}.h`, layer.h, GATES.length],
  ]);
  if (output !== null) matrices.push(['output', output.weights, 1]);
  for (const [name, { rows, columns, blocks, keep, filledPositions, sharing }, gates] of matrices) {
    if (keep.length !== blocks.length) {
      throw mismatch(`${name}.keep`, `${blocks.length} levels`, keep.length, file);
    }
    const patterns = sharing === 'shared' ? 1 : gates;
    if (filledPositions.length !== patterns) {
      throw mismatch(`${name}.filledPositions`, patterns, filledPositions.length, file);
    }
    const codes = gates * rows * columns;
    if (codes > MAX_CODES) throw mismatch(`${name}.codes`, `at most ${MAX_CODES}`, codes, file);
  }
}

function readMatrix(
  values: ReadonlyMap<string, Float64Array>,
  prefix: string,
  part: MatrixDescription,
  gates: number,
  file: string,
): SparseMatrix {
  const empty = emptyLayout(part, gates);
  const patterns = empty.patterns.map((pattern, p) => {
    const filledPositions = part.filledPositions[p] ?? 0;
    const indices = part.blocks.map((_, level) => {
      const all = values.get(indexName(prefix, level)) ?? new Float64Array();
      const length = all.length / empty.patterns.length;
      return Int32Array.from(all.subarray(p * length, (p + 1) * length));
    });
    const whole = { ...pattern, indices };
    return filledPositions === 0 ? whole : { ...whole, filledPositions };
  });
  patterns.forEach((pattern, p) => {
    validatePattern(pattern, patterns.length === 1 ? prefix : `${prefix} gate ${p}`, file);
  });
  const { codes, strays } = unpackBlocks(
    { ...empty, patterns },
    values.get(codesName(prefix)) ?? [],
  );
  if (strays > 0) {
    throw mismatch(codesName(prefix), 'zeros beyond the matrix', `${strays} other codes`, file);
  }
  const { rows, columns, exponent, sharing } = part;
  return { rows, columns, sharing, patterns, exponent, codes };
}
