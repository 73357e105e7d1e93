import { unexpected } from '../../../base/errors.js';
import { isList, isObject, type Json, type JsonObject } from '../../formats/json.js';
import type { Part } from '../format.js';
import type { JsonForm } from './form.js';

/** A text of another program that has no network in it, or none that is read: what it is, and what to do. */
interface Other {
  readonly what: string;
  readonly how: string;
  readonly recognise: (value: JsonObject) => boolean;
  readonly parts?: (value: JsonObject) => readonly Part[];
}

const OTHERS: readonly Other[] = [
  {
    what: 'an index of safetensors files without the tensors',
    how: 'give the file that has the LSTM, or join them: in Python, load each with safetensors.numpy.load_file and save all with save_file',
    recognise: ({ weight_map: map }) => isObject(map),
    parts: ({ weight_map: map }) =>
      Object.entries(map as JsonObject).map(([name, file]) => ({ name, what: `in ${file}` })),
  },
  {
    what: 'a TensorFlow.js model, whose weights are in files beside it',
    how: 'tensorflowjs_converter --input_format=tfjs_layers_model --output_format=keras model.json model.h5',
    recognise: ({ modelTopology, weightsManifest }) =>
      modelTopology !== undefined || isList(weightsManifest),
    parts: ({ modelTopology: topology }) =>
      isObject(topology) && isObject(topology.model_config)
        ? kerasLayers(topology.model_config)
        : [],
  },
  {
    what: 'a description of a Keras model without weights',
    how: 'save the whole model: in Python, model.save("model.h5")',
    recognise: ({ class_name: name, config }) => typeof name === 'string' && config !== undefined,
    parts: kerasLayers,
  },
  {
    what: 'an ONNX model as JSON',
    how: 'in Python: onnx.save(google.protobuf.json_format.Parse(text, onnx.ModelProto()), "model.onnx")',
    recognise: ({ graph, irVersion, ir_version }) =>
      isObject(graph) && (irVersion ?? ir_version) !== undefined,
  },
  {
    what: 'a configuration of Hugging Face without weights',
    how: 'give model.safetensors, which lies beside it',
    recognise: ({ model_type: type, architectures }) =>
      typeof type === 'string' || isList(architectures),
  },
  {
    what: 'a notebook',
    how: 'save the state_dict of its network with safetensors.torch.save_file',
    recognise: ({ nbformat, cells }) => nbformat !== undefined && isList(cells),
  },
];

/** Files that are recognised to be refused by name. */
export const OTHER_FORMS: readonly JsonForm[] = OTHERS.map(({ what, how, recognise, parts }) => ({
  recognise: (value: Json) => isObject(value) && recognise(value),
  read: ({ file }) => {
    const expected = 'a network with its weights';
    const error = {
      code: 'FOREIGN_FORMAT',
      file,
      field: 'format',
      expected,
      got: `${what}: ${how}`,
    };
    throw unexpected(error, file);
  },
  contents: ({ value }) => parts?.(value as JsonObject) ?? [{ name: 'JSON', what }],
}));

/** The layers of a Keras configuration: their names, classes and units. */
function kerasLayers({ config }: JsonObject): readonly Part[] {
  const list = isList(config) ? config : isObject(config) ? config.layers : undefined;
  if (!isList(list)) return [];
  return list.filter(isObject).map((layer, n) => {
    const own = isObject(layer.config) ? layer.config : {};
    const units = typeof own.units === 'number' ? `, ${own.units} units` : '';
    const name = typeof own.name === 'string' ? own.name : `layer ${n}`;
    return { name, what: `${layer.class_name ?? 'layer'}${units}` };
  });
}
