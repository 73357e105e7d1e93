import type { Model } from '../network/model.js';
import { modelSummary } from '../network/summary.js';
import { models } from './contents.js';
import type { CompressedModel } from './objects.js';

/** The object of a model. */
export function modelObject(model: Model, bytes: Uint8Array, file: string): CompressedModel {
  const { inputs, outputs, words, inputFraction, layers, weights, keptWeights } =
    modelSummary(model);
  const object: CompressedModel = {
    kind: 'model',
    file,
    bytes,
    inputs,
    inputFractionBits: inputFraction,
    outputs,
    words: { ...words },
    layers: layers.map((layer) => ({ cell: layer.cell, inputs: layer.inputs, cells: layer.cells })),
    weights,
    keptWeights,
  };
  return models.hold(object, model);
}
