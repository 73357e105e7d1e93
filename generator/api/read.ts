import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readerBeside } from '../base/beside.js';
import { unexpected } from '../base/errors.js';
import { readCompressedOrDesign, readModelBytes } from '../cli/input/model-bytes.js';
import { MANIFEST_FILE } from '../design/manifest/manifest.js';
import { isCompressedModel, parseModel } from '../network/compressed-model.js';
import { inputsOf, outputsOf } from '../network/float/model.js';
import { readSafetensors } from '../network/formats/safetensors.js';
import { importNetwork, networkFormatOf } from '../network/import/import.js';
import { BACKWARD_PLACES, MERGINGS, NONLINEARITIES, RESETS } from '../network/import/imported.js';
import { checkArguments, oneOf, TEXT, TEXTS } from './arguments.js';
import { networks } from './contents.js';
import { modelObject } from './model.js';
import type { CompressedModel, Network } from './objects.js';

/** What a file does not say itself, as the options of `hcgs compress` have it. */
export interface ReadOptions {
  /** `CANONICAL=NAME`, as `--map` takes it. */
  readonly map?: readonly string[] | undefined;
  /** `NODE.then_branch` or `NODE.else_branch`, once for each If of an ONNX file. */
  readonly graph?: readonly string[] | undefined;
  readonly nonlinearity?: 'tanh' | 'relu' | undefined;
  readonly reset?: 'after' | 'before' | undefined;
  readonly merge?: 'concat' | 'sum' | 'ave' | 'forward' | 'backward' | undefined;
  readonly backward?: 'aligned' | 'final' | undefined;
}

const READ_RULES = {
  file: TEXT,
  map: TEXTS,
  graph: TEXTS,
  nonlinearity: oneOf(NONLINEARITIES),
  reset: oneOf(RESETS),
  merge: oneOf(MERGINGS),
  backward: oneOf(BACKWARD_PLACES),
};

/**
 * Reads a trained network in any format that `hcgs compress` takes, a compressed model, or the model of a design directory; `kind`
 * of the result says which it is. Files are told apart by their content.
 * @throws UserError for what cannot be read, with the file, what was expected and what came; API_ARGUMENT for options beside a
 * compressed model, which says everything itself
 */
export async function read(
  file: string,
  options: ReadOptions = {},
): Promise<Network | CompressedModel> {
  checkArguments({ file, ...options }, READ_RULES);
  const isDesign = existsSync(join(file, MANIFEST_FILE));
  const bytes = isDesign ? await readCompressedOrDesign(file) : await readModelBytes(file);
  if (isDesign || isModelFile(bytes, file)) {
    const [given] = Object.entries(options).filter(([, value]) => value !== undefined);
    if (given !== undefined) {
      throw unexpected({
        code: 'API_ARGUMENT',
        file,
        field: given[0],
        expected: 'no such option for a compressed model',
        got: String(given[1]),
      });
    }
    return modelObject(parseModel(bytes, file), bytes, file);
  }
  const { map = [], graph = [], ...said } = options;
  const imported = importNetwork(bytes, file, { ...said, map, graph, beside: readerBeside(file) });
  const { model, format, leftOut, notes } = imported;
  const object: Network = {
    kind: 'network',
    file,
    format,
    inputs: inputsOf(model),
    outputs: outputsOf(model),
    layers: model.layers.map(({ cell, inputs, cells }) => ({ cell, inputs, cells })),
    leftOut: leftOut.map(({ name, what }) => ({ name, what })),
    notes: [...notes],
  };
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return networks.hold(object, { imported, sha256 });
}

function isModelFile(bytes: Uint8Array, file: string): boolean {
  const isTensors = networkFormatOf(bytes, file)?.name === 'safetensors';
  return isTensors && isCompressedModel(readSafetensors(bytes, file));
}
