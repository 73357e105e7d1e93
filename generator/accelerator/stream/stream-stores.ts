import { recordBits } from '../build/record.js';
import { shapeFields, shapeWidths } from '../control/frame-shape.js';
import { shapeImage } from '../images/shape.js';
import { type RamStore, type RomStore, ramStore, romStore } from '../memory/store.js';
import { type Configuration, outputBits, outputWriteLanes } from '../plan/configuration.js';

/** The one word that says how long the frames of the model are. */
export function shapeStore(c: Configuration): RomStore {
  const width = recordBits(shapeFields(shapeWidths(c)));
  const described = { role: 'control', title: 'frame lengths', block: 'u_shape' } as const;
  return romStore(c, { name: 'shape', ...described, width, words: 1 }, shapeImage);
}

/** Output frames, both buffers; a word is as wide as the wider port. */
export function outputStore(c: Configuration): RamStore {
  return ramStore({
    role: 'output',
    title: 'output, two buffers',
    block: 'u_output',
    width: Math.max(outputWriteLanes(c), c.streamLanes) * outputBits(c),
    words: 2 * c.outRows,
  });
}
