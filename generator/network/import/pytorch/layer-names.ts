import type { RecurrentModule } from './modules.js';

/** Names in the file of the tensors of each layer, given `weight_ih`, `weight_hh`, `weight_hr`, `bias_ih` or `bias_hh`. */
export interface LayerNames {
  readonly layers: number;
  readonly nameOf: (kind: string, layer: number, reverse?: boolean) => string;
  /** Whether the user names that tensor, so that it has to be there. */
  readonly isMapped: (kind: string, layer: number, reverse?: boolean) => boolean;
  /** Whether a layer has a second direction, whose tensors are those of `reverse`. */
  readonly isBidirectional: (layer: number) => boolean;
  /** The modules of which the layers are, lowest first; none where the user names every tensor. */
  readonly modules: readonly RecurrentModule[];
  /** The module of a layer; undefined where the user names its tensors. */
  readonly moduleOf: (layer: number) => RecurrentModule | undefined;
  /** Whether the layer is the lowest one of its module, so that something can stand before it. */
  readonly isFirstOf: (layer: number) => boolean;
  readonly notes: readonly string[];
}
