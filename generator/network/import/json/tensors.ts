import { unexpected } from '../../../base/errors.js';
import { encodeElements } from '../../formats/elements.js';
import { isList, isObject, type Json, type JsonObject } from '../../formats/json.js';
import type { Dtype, SafetensorsFile, Tensor } from '../../formats/safetensors.js';
import { arrayOf, isArray, type JsonArray } from './arrays.js';
import { Fields, shown } from './fields.js';
import { withShapes } from './shapes.js';

/** What a JSON text holds by name: tensors, and words that are none. */
export interface JsonTensors {
  readonly source: SafetensorsFile;
  readonly words: ReadonlyMap<string, Json>;
  /** A sentence for each tensor whose shape comes from others. */
  readonly notes: readonly string[];
}

const SHAPE = ['shape', 'dims'];
const DATA = ['data', 'values'];
const TYPE = ['dtype', 'type'];
const REAL =
  /^(torch\.|numpy\.|<|=)?(float(16|32|64)?|double|half|bfloat16|bf16|f(16|32|64|2|4|8))$/i;
const WHOLE = /^(torch\.|numpy\.|<|=)?(u?int(8|16|32|64)?|long|[ui](8|16|32|64|1|2|4))$/i;

/** `{shape, data}`, under the names that programs give them. */
export function isTensor(value: Json): value is JsonObject {
  if (!isObject(value)) return false;
  const shape = value[SHAPE.find((name) => Object.hasOwn(value, name)) ?? ''];
  return isList(shape) && DATA.some((name) => Object.hasOwn(value, name));
}

/**
 * Tensors of nested lists of numbers, of `{shape, data}`, or of flat lists whose shape a bias settles; the names of
 * objects within each other are joined by dots, as PyTorch joins them.
 * @throws UserError TENSOR_SHAPE, TENSOR_DTYPE, JSON_FIELD or JSON_NAME.
 */
export function tensorsOf(value: Json, file: string): JsonTensors {
  const tensors = new Map<string, Tensor>();
  const words = new Map<string, Json>();
  const add = (name: string, tensor: Tensor) => {
    if (tensors.has(name) || words.has(name)) {
      throw unexpected({ code: 'JSON_NAME', file, field: name, expected: 'it once', got: 'twice' });
    }
    tensors.set(name, tensor);
  };
  const visit = (one: Json, name: string): void => {
    if (isTensor(one)) add(name, tensorOf(one, file, name));
    else if (isObject(one)) {
      for (const [key, inner] of Object.entries(one))
        visit(inner, name === '' ? key : `${name}.${key}`);
    } else if (isArray(one)) add(name, packed(arrayOf(one, file, name), 'F64'));
    else {
      const text = new TextEncoder().encode(JSON.stringify(one));
      add(name, { dtype: 'U8', shape: [text.length], bytes: text });
      words.set(name, one);
    }
  };
  if (isList(value)) {
    for (const one of value) {
      const { name, ...rest } = one as JsonObject;
      visit(rest, String(name));
    }
  } else visit(value, '');
  const { tensors: shaped, notes } = withShapes(tensors, file);
  return { source: { metadata: {}, tensors: shaped }, words, notes };
}

function packed({ shape, values }: JsonArray, dtype: Dtype): Tensor {
  return { dtype, shape, bytes: encodeElements('float64', values) };
}

function tensorOf(object: JsonObject, file: string, name: string): Tensor {
  const fields = new Fields(object, file, `${name}.`);
  fields.only([...SHAPE, ...DATA, ...TYPE], 'fields of a tensor');
  const of = (names: readonly string[]) => {
    const there = names.filter((one) => fields.get(one) !== undefined);
    if (there.length > 1) {
      throw fields.fail('JSON_FIELD', there[1] as string, `${there[0]} alone`, 'both');
    }
    return there[0] === undefined ? undefined : fields.get(there[0]);
  };
  const [shape, data, type] = [SHAPE, DATA, TYPE].map(of);
  const sizes = isList(shape) ? shape : [];
  if (!sizes.every((n): n is number => Number.isSafeInteger(n) && (n as number) >= 0)) {
    throw fields.fail('JSON_FIELD', 'shape', 'a list of sizes', JSON.stringify(sizes).slice(0, 60));
  }
  if (data === undefined || !isArray(data)) {
    throw fields.fail('JSON_FIELD', 'data', 'a list of numbers', shown(data));
  }
  const array = arrayOf(data, file, name);
  const needed = sizes.reduce((product, n) => product * n, 1);
  const flat = array.shape.length <= 1;
  if (array.values.length !== needed || (!flat && array.shape.join() !== sizes.join())) {
    const got = `[${array.shape.join(', ')}]`;
    throw fields.fail('TENSOR_SHAPE', 'data', `${needed} numbers of [${sizes.join(', ')}]`, got);
  }
  return packed({ shape: sizes, values: array.values }, dtypeOf(type, fields));
}

/** Values are kept in double precision whatever their type; that of integers shows that they are no weights. */
function dtypeOf(type: Json | undefined, fields: Fields): Dtype {
  if (type === undefined || (typeof type === 'string' && REAL.test(type))) return 'F64';
  if (typeof type === 'string' && WHOLE.test(type)) return 'I64';
  throw fields.fail('TENSOR_DTYPE', 'dtype', 'float32 or another real type', shown(type));
}
