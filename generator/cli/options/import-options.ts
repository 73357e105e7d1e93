import {
  BACKWARD_PLACES,
  type ImportOptions,
  MERGINGS,
  NONLINEARITIES,
  RESETS,
} from '../../network/import/imported.js';
import { MAP_HELP } from '../../network/import/map.js';
import { choice, input, list, type OptionValues } from './options.js';
import { optionWords } from './select-options.js';

/** A trained network, in every format that is read; files are told apart by their content. */
export const networkInput = input(
  'trained float network: .pt, .safetensors, .onnx, .h5, .keras, .tflite, .pb, .npz, .json, .nam',
  { required: true },
);

/** How a float network is read. */
export const importOptions = {
  map: list(MAP_HELP.describe, MAP_HELP.example),
  graph: list(
    'the branch of an If of an ONNX file that is taken, once for each If: NODE.then_branch or NODE.else_branch',
    'NODE.BRANCH',
  ),
  nonlinearity: choice(
    'what the RNN layers of a file that does not say it do with their sums, e.g. of a state_dict',
    NONLINEARITIES,
  ),
  reset: choice(
    'where the reset gate of GRU layers stands in a file that does not say it, or says it wrongly (PyTorch to ONNX): behind the product or before it',
    RESETS,
  ),
  merge: choice(
    'what a layer with as many inputs as one direction reads of a bidirectional one, in a file that does not show it, e.g. a state_dict',
    MERGINGS,
  ),
  backward: choice(
    'what the backward direction of the last layer has beside the last frame, in a file that does not say it: what it makes of that frame (out[:, -1]), or its final state (h_n)',
    BACKWARD_PLACES,
  ),
};

/** What the user says about how a float network is read. */
export type ImportValues = OptionValues<typeof importOptions>;

/** The same as options of the importers. */
export const importValues = ({
  map,
  graph,
  nonlinearity,
  reset,
  merge,
  backward,
}: ImportValues): ImportOptions => ({ map, graph, nonlinearity, reset, merge, backward });

/** How a network was read, as options of another command line. */
export function importWords(values: ImportValues): readonly string[] {
  const { map, graph, nonlinearity, reset, merge, backward } = values;
  return [
    ...map.flatMap((entry) => optionWords('map', entry)),
    ...graph.flatMap((entry) => optionWords('graph', entry)),
    ...optionWords('nonlinearity', nonlinearity),
    ...optionWords('reset', reset),
    ...optionWords('merge', merge),
    ...optionWords('backward', backward),
  ];
}
