import { isObject, type JsonObject } from '../../formats/json.js';
import type { SafetensorsFile } from '../../formats/safetensors.js';
import type { Imported } from '../imported.js';
import { badMap, type NameMap } from '../map.js';
import { isTorchCell, TORCH_CELLS, TORCH_GATES } from '../pytorch/modules.js';
import { Fields, shown } from './fields.js';
import type { JsonForm } from './form.js';
import { importTensors, partsOfTensors } from './state-dict.js';
import { tensorsOf } from './tensors.js';

/**
 * GuitarML and what follows it (NeuralPi, Proteus, Chameleon, the trainer of AIDA-X): a `state_dict` beside
 * `model_data`, which says what it is for. CoreAudioML, networks.py, SimpleRNN: `rec`, then `lin`, and where `skip`
 * is n the first n inputs are added to the output.
 */
export const guitarMlForm: JsonForm = {
  recognise: (value) => isObject(value) && isObject(value.model_data) && isObject(value.state_dict),
  read: ({ value, file }, map, options) => {
    const { model_data: data, state_dict: dict } = value as Form;
    new Fields(value as JsonObject, file).only(['model_data', 'state_dict'], 'parts of the file');
    const tensors = tensorsOf(dict, file);
    const fields = new Fields(data, file, 'model_data.');
    const { skip, bias } = checkedData(fields, tensors.source);
    const names = namesFor(map, skip, bias, file, fields);
    const imported = importTensors(tensors, file, names, options, 'model_data');
    return skip === 0 ? imported : withoutSkip(imported, skip, map.get('fc') === 'none');
  },
  contents: ({ value, file }) => {
    const { model_data: data, state_dict: dict } = value as Form;
    const skip = data.skip === 0 || data.skip === undefined ? '' : ', with a skip connection';
    const what = `${shown(data.model)} of ${shown(data.unit_type)}${skip}`.replaceAll('"', '');
    return [{ name: 'model_data', what }, ...partsOfTensors(tensorsOf(dict, file))];
  },
};

type Form = { readonly model_data: JsonObject; readonly state_dict: JsonObject };

const FIELDS = [
  ...['model', 'input_size', 'skip', 'output_size', 'unit_type', 'num_layers', 'hidden_size'],
  'bias_fl',
];

/** @throws UserError NOT_AN_LSTM, LSTM_UNSUPPORTED, JSON_FIELD or TENSOR_SHAPE */
function checkedData(
  fields: Fields,
  { tensors }: SafetensorsFile,
): { readonly skip: number; readonly bias: boolean } {
  const fail = fields.fail.bind(fields);
  fields.only(FIELDS, 'fields of a SimpleRNN');
  const [model, unit] = [fields.get('model'), fields.get('unit_type')];
  const gates = isTorchCell(unit) ? TORCH_GATES[unit] : 0;
  if (model !== 'SimpleRNN') {
    throw fail('NOT_AN_LSTM', 'model', 'SimpleRNN, a recurrent and a linear layer', shown(model));
  }
  if (gates === 0) {
    const expected = `${TORCH_CELLS.join(' or ')}; there is no hardware for another cell yet`;
    throw fail('LSTM_UNSUPPORTED', 'unit_type', expected, shown(unit).replaceAll('"', ''));
  }
  const cells = fields.size('hidden_size');
  const layers = fields.size('num_layers');
  const wanted: readonly (readonly [field: string, tensor: string, shape: readonly number[]])[] = [
    ['input_size', 'rec.weight_ih_l0', [gates * cells, fields.size('input_size')]],
    ['hidden_size', `rec.weight_hh_l${layers - 1}`, [gates * cells, cells]],
    ['output_size', 'lin.weight', [fields.size('output_size'), cells]],
  ];
  for (const [field, name, shape] of wanted) {
    const got = tensors.get(name)?.shape;
    if (got?.join() === shape.join()) continue;
    const said = `${name} [${shape.join(', ')}]`;
    throw fail('TENSOR_SHAPE', field, said, got ? `[${got.join(', ')}]` : 'no such tensor');
  }
  const above = `rec.weight_hh_l${layers}`;
  if (tensors.has(above)) throw fail('TENSOR_SHAPE', 'num_layers', `${layers} layers`, above);
  const bias = fields.get('bias_fl') ?? true;
  if (![true, false, 0, 1].includes(bias as boolean)) {
    throw fail('JSON_FIELD', 'bias_fl', 'true or false', shown(bias));
  }
  if (!bias && tensors.has('lin.bias')) throw fail('JSON_FIELD', 'bias_fl', 'true', 'false');
  const skip = fields.get('skip') ?? 0;
  if (typeof skip !== 'number' || !Number.isInteger(skip) || skip < 0) {
    throw fail('JSON_FIELD', 'skip', 'how many inputs are added to the output', shown(skip));
  }
  return { skip, bias: Boolean(bias) };
}

/** What model_data says as `--map` would, under what the user says. */
function namesFor(
  map: NameMap,
  skip: number,
  bias: boolean,
  file: string,
  fields: Fields,
): NameMap {
  const said = map.get('skip');
  if (said !== undefined && (skip === 0 || said !== 'none')) {
    throw badMap('skip=none for a network with a skip connection', `skip=${said}`, file);
  }
  const noHead = map.get('fc') === 'none';
  if (skip > 0 && said === undefined && !noHead) {
    const expected =
      '0: there is no hardware for a skip connection yet; --map skip=none where it is added outside';
    const inputs = skip === 1 ? 'a skip connection: input 0 is' : `${skip}: that many inputs are`;
    throw fields.fail('SKIP_CONNECTION', 'skip', expected, `${inputs} added to the output`);
  }
  const own = map.has('fc') || map.has('fc.weight');
  const names = new Map([...map].filter(([key]) => key !== 'skip'));
  if (!map.has('lstm')) names.set('lstm', 'rec');
  if (!own) names.set('fc', 'lin');
  if (!own && bias && !map.has('fc.bias')) names.set('fc.bias', 'lin.bias');
  return names;
}

function withoutSkip(imported: Imported, skip: number, noHead: boolean): Imported {
  const what = skip === 1 ? 'input 0' : `inputs 0 to ${skip - 1}`;
  return {
    ...imported,
    leftOut: [
      ...imported.leftOut,
      { name: 'skip', kind: 'node', what: `skip connection, adds ${what} to the output` },
    ],
    headLeftOut: true,
    notes: [
      ...imported.notes,
      noHead
        ? 'the skip connection behind the output layer is left out with it'
        : `the skip connection is outside of the hardware: add ${what} of the same frame to the outputs`,
    ],
  };
}
