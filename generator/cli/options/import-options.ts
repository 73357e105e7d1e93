import { MAP_HELP } from '../../network/import/map.js';
import { input, list } from './options.js';
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
};

/** How a network was read, as options of another command line. */
export function importWords({
  map,
  graph,
}: {
  readonly map: readonly string[];
  readonly graph: readonly string[];
}): readonly string[] {
  return [
    ...map.flatMap((entry) => optionWords('map', entry)),
    ...graph.flatMap((entry) => optionWords('graph', entry)),
  ];
}
