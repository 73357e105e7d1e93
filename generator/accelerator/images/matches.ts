import { noted, type Parameter } from '../../hdl/index.js';

/** A parameter that says what the memory images must have in common with it. */
export type Matched<P extends Parameter = Parameter> = P & { readonly note: string };

/** Says what the memory images must have in common with a parameter: a column in the table of parameters of a design. */
export function matched<P extends Parameter>(parameter: P, images: string): Matched<P> {
  return noted(parameter, images);
}

/** What more than one parameter says; a block that alone says something says it where it declares the parameter. */
export const MATCHES = {
  nothing: 'nothing',
  /** A larger value only takes memory or wires. */
  room: 'nothing; room for the model',
  /** Of a leaf, which stands for many memories. */
  instance: 'given by each instance',
  image: 'is an image',
  store: 'is the number of a store in a load',
  folder: 'folder of all images',
  weightWords: 'bits and number of the words of `*_weights_*.mem`',
  tiles: 'words and order of `*_weights_*.mem` and `*_index_*.mem`',
  streams: 'block numbers side by side in `*_index_*.mem`',
  indexWord: 'word of `*_index_*.mem` of the level',
  layerFields: 'fields of `*_layers.mem`',
  layerField: 'a field of `*_layers.mem`',
  layers: 'words of `*_layers.mem` and `*_cells.mem`',
  biases: 'bits of a bias, and words, of `*_bias.mem`',
  cellLanes: 'biases side by side in `*_bias.mem`; addresses in `*_layers.mem`',
  cellFields: 'fields of `*_cells.mem`',
  cellShifts: 'shifts in `*_cells.mem` count from here',
  activations: 'shifts in `*_cells.mem`: h has ACT_BITS - 1 fraction bits',
  streamLanes: 'lanes and beats in `*_shape.mem`',
  shapeFields: 'fields of `*_shape.mem`',
} as const;
