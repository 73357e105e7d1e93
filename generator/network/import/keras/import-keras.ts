import type { GraphOutput, Imported, ImportOptions, LeftOut } from '../imported.js';
import { badMap, type NameMap } from '../map.js';
import { readChain } from './chain.js';
import { networkOf } from './config.js';
import { tensorsLeft } from './left.js';
import { frameAxes, inputNote, notesOn } from './notes.js';
import { layerText } from './parts.js';
import { pathOf } from './path.js';
import type { KerasSource } from './source.js';
import { Weights } from './weights.js';
import { importWeights } from './weights-only.js';

const KEYS = ['lstm', 'fc', 'frames', 'outside'];

/**
 * Reads LSTM, GRU, SimpleRNN and dense layers in a row from a Keras network. `map` may say `lstm=`, `fc=`
 * or `fc=none`, `frames=LAYER`; `outside=` in a file that has weights alone.
 * @throws UserError with the layer, option or dataset: KERAS_CONFIG, KERAS_LAYER, KERAS_OPTION, KERAS_WEIGHTS,
 * NOT_AN_LSTM, LSTM_UNSUPPORTED, GRU_RESET, LSTM_AMBIGUOUS, LSTM_STATE, LSTM_CHAIN, LSTM_BETWEEN, FRAMES_UNSETTLED,
 * OUTPUT_NOT_TAKEN, TENSOR_DTYPE, TENSOR_SHAPE, TENSOR_NOT_FINITE, BAD_MAP.
 */
export function importKeras(
  source: KerasSource,
  file: string,
  map: NameMap,
  options: ImportOptions = {},
): Imported {
  const odd = [...map.keys()].find((key) => !KEYS.includes(key));
  if (odd !== undefined) throw badMap('lstm=, fc=, fc=none or frames= for a Keras file', odd, file);
  if (source.config === null) return importWeights(source, file, map, options);
  if (map.has('outside')) {
    throw badMap(
      'outside= for a file with weights alone, fc=none or frames= here',
      'outside=',
      file,
    );
  }
  const network = networkOf(source.config, file);
  const weights = new Weights(source.weights, source.root, file);
  const path = pathOf(network, map, file);
  const chain = readChain(path, weights, source.version, file);
  const { flow, timeMajor, opening } = chain;
  const final = chain.final?.layer === chain.dense ? null : chain.final?.layer;
  const beside = [...path.beside, ...(final ? [final] : [])];
  const output: GraphOutput = {
    name: (chain.final?.layer ?? chain.end).name,
    is: 'outputs',
    axes: frameAxes(timeMajor, flow),
    lastFrame: flow.last,
    final: chain.final?.name ?? null,
  };
  return {
    format: 'keras',
    model: {
      layers: chain.layers,
      output: chain.output,
      ...(chain.functions && { functions: chain.functions }),
    },
    taken: [
      ...network.layers.filter((layer) => !beside.includes(layer)).map(({ name }) => name),
      ...weights.taken,
    ],
    leftOut: [
      ...beside.map(
        (layer): LeftOut => ({ name: layer.name, kind: 'node', what: layerText(layer) }),
      ),
      ...tensorsLeft(source.weights, weights.taken),
    ],
    notes: [inputNote(path, chain), ...notesOn(path, chain, output)],
    headLeftOut: path.cut,
    frames: {
      name: path.frames?.name ?? network.layers[0]?.name ?? 'input',
      axes: frameAxes(timeMajor, opening.flow),
      behind: path.frames === null ? null : `${path.frames.name} (${path.frames.className})`,
      said: path.frames !== null,
    },
    outputs: [output],
  };
}
