import type { IntLike } from '../../hdl/index.js';
import { bitsOf, type Configuration } from '../plan/configuration.js';

/** Fields of the one word that says how long the frames of the model are. */
export function shapeFields<W extends IntLike>(w: {
  readonly inputBeats: W;
  readonly outputBeats: W;
  readonly streamLanes: W;
}) {
  return [
    { name: 'input_last', width: w.inputBeats },
    { name: 'output_last', width: w.outputBeats },
    { name: 'output_lanes', width: w.streamLanes },
  ];
}

export function shapeWidths(c: Configuration) {
  return {
    inputBeats: bitsOf(c.inputBeats),
    outputBeats: bitsOf(c.outputBeats),
    streamLanes: c.streamLanes,
  };
}
