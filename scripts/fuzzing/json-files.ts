import { Random } from '../../generator/base/random.js';
import { flat, jsonBytes, namedTensors } from '../../test/network/import/support/json-networks.js';
import {
  type GateLayer,
  randomLayer,
  randomLinear,
} from '../../test/network/import/support/lstm-reference.js';
import type { Mutation } from './mutate-bytes.js';
import { changeJson, type Json } from './mutate-json.js';
import type { Seed } from './seeds.js';

const random = new Random(61);
const layers = [randomLayer(random, 3, 4), randomLayer(random, 4, 2)];
const linear = randomLinear(random, 2, 3);
const one = randomLayer(random, 1, 3);
const head = randomLinear(random, 3, 1);

const columns = (rows: readonly (readonly number[])[]) =>
  (rows[0] ?? []).map((_, i) => rows.map((row) => row[i]));

/** A layer as RTNeural has it. */
function rtNeural({ cells, gates: { i, f, g, o } }: GateLayer) {
  const gates = [i, f, g, o];
  const bias = gates.flatMap(({ Wb, Rb }) => Wb.map((b, j) => b + (Rb[j] as number)));
  const [x, h] = [gates.flatMap(({ W }) => W), gates.flatMap(({ R }) => R)];
  const weights = [columns(x), columns(h), bias];
  return { type: 'lstm', activation: 'tanh', shape: [null, null, cells], weights };
}

/** Networks as programs write them in JSON. */
export function jsonSeeds(): readonly Seed[] {
  const dense = {
    type: 'dense',
    activation: '',
    shape: [null, null, 3],
    weights: [columns(linear.W), linear.b],
  };
  const shaped = (shape: readonly number[], data: readonly number[]) => ({ shape, data });
  const own = namedTensors(layers, linear, { write: shaped });
  const model_data = {
    model: 'SimpleRNN',
    input_size: 1,
    skip: 0,
    output_size: 1,
    unit_type: 'LSTM',
    num_layers: 1,
    hidden_size: 3,
    bias_fl: true,
  };
  const config = { input_size: 1, hidden_size: 3, num_layers: 1 };
  // rows of x and h, biases, h and c at the start, the output layer
  const weights = Array.from({ length: 12 * 5 + 6 + 4 }, () => random.below(17) / 8 - 1);
  const files = {
    nested: namedTensors(layers, linear),
    'shape and data': own,
    flat: namedTensors(layers, linear, { write: flat }),
    list: Object.entries(own).map(([name, tensor]) => ({ name, ...(tensor as object) })),
    inner: { model: { state_dict: namedTensors(layers, null) } },
    GuitarML: { model_data, state_dict: namedTensors([one], head, { lstm: 'rec', fc: 'lin' }) },
    nam: { version: '0.5.4', metadata: null, architecture: 'LSTM', config, weights },
    RTNeural: { in_shape: [null, null, 3], layers: [...layers.map(rtNeural), dense] },
  };
  return Object.entries(files).map(([name, value]) => ({ name, bytes: jsonBytes(value) }));
}

const parsed = (bytes: Uint8Array): Json => JSON.parse(new TextDecoder().decode(bytes));

/** Other values anywhere: numbers, words, nesting. */
export const jsonValues: Mutation = (bytes, random) => {
  const json = parsed(bytes);
  for (let n = random.between(1, 3); n > 0; n--) changeJson(json, random);
  return jsonBytes(json);
};

/** A list or an object in a JSON value, at any depth. */
function somewhere(json: Json, random: Random): Json[] | { [name: string]: Json } | null {
  if (typeof json !== 'object' || json === null) return null;
  const inner = Object.values(json).filter((value) => typeof value === 'object' && value !== null);
  const next = inner[random.below(Math.max(1, inner.length))];
  if (next === undefined || random.below(4) === 0) return json;
  return somewhere(next, random);
}

/** Entries of lists and objects that are dropped, doubled, exchanged, renamed or put one level deeper. */
export const jsonEntries: Mutation = (bytes, random) => {
  const json = parsed(bytes);
  const box = somewhere(json, random);
  if (box === null) return bytes;
  const pick = random.below(6);
  if (Array.isArray(box)) {
    const at = random.below(Math.max(1, box.length));
    const value = box[at] as Json;
    if (pick === 0) box.splice(at, 1);
    else if (pick === 1) box.splice(at, 0, value);
    else if (pick === 2) box[at] = [value];
    else if (pick === 3) box.reverse();
    else if (pick === 4) box.splice(0, box.length, ...box.flat());
    else box.length = 0;
    return jsonBytes(json);
  }
  const names = Object.keys(box);
  const [a, b] = [0, 1].map(() => names[random.below(names.length)] ?? '') as [string, string];
  const value = box[a] as Json;
  if (pick === 0) delete box[a];
  else if (pick === 1) box[`${a}_reverse`] = value;
  else if (pick === 2) [box[a], box[b]] = [box[b] as Json, value];
  else if (pick === 3) box[a] = { [b]: value };
  else {
    delete box[a];
    box[a.replace(/\d/, (digit) => `${(Number(digit) + 1) % 3}`)] = value;
    if (pick === 5) box[`${a}.weight`] = value;
  }
  return jsonBytes(json);
};

const WORDS = ['NaN', '-Infinity', '1e999', '-1e999', '1e-400', '01', '0x10', '1e', '-0', 'null'];

/** Texts that no writer makes: words for numbers, names twice, deep nesting, very many entries. */
export const jsonText: Mutation = (bytes, random) => {
  const text = new TextDecoder().decode(bytes);
  const depth = 10 ** random.between(1, 5);
  const places = [...text.matchAll(/-?\d+(\.\d+)?/g)];
  const place = places[random.below(Math.max(1, places.length))];
  const [start, end] = [place?.index ?? 0, (place?.index ?? 0) + (place?.[0].length ?? 0)];
  const put = (own: string) => jsonBytes(text.slice(0, start) + own + text.slice(end));
  switch (random.below(6)) {
    case 0:
      return put('['.repeat(depth) + ']'.repeat(depth));
    case 1:
      return put('{"a":'.repeat(depth) + '1'.concat('}'.repeat(depth)));
    case 2:
      return put(`${'[1],'.repeat(depth)}1`);
    case 3: {
      const name = /"[^"]*":/.exec(text)?.[0] ?? '"a":';
      return jsonBytes(text.replace('{', `{${name} 1,`));
    }
    default:
      return put(WORDS[random.below(WORDS.length)] as string);
  }
};
