import { zipSync } from 'fflate';
import { Random } from '../../generator/base/random.js';
import type { Imported } from '../../generator/network/import/imported.js';
import { importKeras } from '../../generator/network/import/keras/import-keras.js';
import { readSource } from '../../generator/network/import/keras/source.js';
import { contentsBytes } from '../../test/network/import/support/hdf5-files.js';
import {
  denseLayer,
  functional,
  h5Contents,
  inputLayer,
  lstmLayer,
  plain,
  sequential,
  weightsContents,
} from '../../test/network/import/support/keras-files.js';
import { randomLayer, randomLinear } from '../../test/network/import/support/lstm-reference.js';
import { walked } from '../../test/support/walked-hdf5.js';
import type { Mutation } from './mutate-bytes.js';
import { changeJson } from './mutate-json.js';
import { unzipped } from './unzipped.js';

const CONFIG = 'config.json';
const SEED = 53;

/** Networks of Keras as the versions of it write them. */
export function kerasSeeds(): readonly { readonly name: string; readonly bytes: Uint8Array }[] {
  const random = new Random(SEED);
  const layers = [
    inputLayer(null, 3),
    lstmLayer(randomLayer(random, 3, 4), 'lstm'),
    plain('Dropout', 'dropout', { rate: 0.5 }),
    lstmLayer(randomLayer(random, 4, 2), 'lstm_1', { return_sequences: false }),
    denseLayer(randomLinear(random, 2, 3), 'dense', { activation: 'softmax' }),
  ];
  const archive = (config: unknown) =>
    zipSync(
      {
        'metadata.json': new TextEncoder().encode('{"keras_version": "3.3.3"}'),
        [CONFIG]: new TextEncoder().encode(JSON.stringify(config)),
        'model.weights.h5': contentsBytes(weightsContents(layers)),
      },
      { level: 0 },
    );
  return [
    { name: 'sequential .h5', bytes: contentsBytes(h5Contents(layers, sequential(layers))) },
    { name: 'weights alone', bytes: contentsBytes(h5Contents(layers, null)) },
    { name: 'sequential .keras', bytes: archive(sequential(layers)) },
    { name: 'functional .keras', bytes: archive(functional(layers)) },
  ];
}

/** Changes the configuration of an archive, and leaves the weights as they are. */
export const kerasConfig: Mutation = (bytes, random) => {
  const files = unzipped(bytes);
  const config = JSON.parse(new TextDecoder().decode(files[CONFIG]));
  for (let n = random.between(1, 3); n > 0; n--) changeJson(config, random);
  files[CONFIG] = new TextEncoder().encode(JSON.stringify(config));
  return zipSync(files, { level: 0 });
};

/** Reads a network with the HDF5 library in this process, where it is faster. */
export const readKeras = (bytes: Uint8Array): Imported =>
  importKeras(readSource(bytes, 'fuzzed.keras', walked), 'fuzzed.keras', new Map());

/** Datasets without those of an optimizer, of which a report has one line. */
export function kerasDatasets(bytes: Uint8Array): readonly string[] {
  const { datasets } = readSource(bytes, 'fuzzed.keras', walked).weights;
  return [...datasets.keys()].filter((path) => !/^optimizer(_weights)?\//.test(path));
}
