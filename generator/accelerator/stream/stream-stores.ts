import { recordBits } from '../build/record.js';
import { shapeFields, shapeWidths } from '../control/frame-shape.js';
import { shapeImage } from '../images/shape.js';
import { type RamStore, type RomStore, ramStore, romStore } from '../memory/store.js';
import { type Configuration, outputBits, outputWriteLanes } from '../plan/configuration.js';
import { outputFrames } from '../plan/frames-in-memory.js';

/** The one word that says how long the frames of the model are. */
export function shapeStore(c: Configuration): RomStore {
  const width = recordBits(shapeFields(shapeWidths(c)));
  const described = { role: 'control', title: 'frame lengths', block: 'u_shape' } as const;
  return romStore(c, { name: 'shape', ...described, width, words: 1 }, shapeImage);
}

/** Output frames, all buffers; a word is as wide as the wider port. */
export function outputStore(c: Configuration): RamStore {
  return ramStore({
    role: 'output',
    title: outputFrames(c) === 2 ? 'output, two buffers' : `output, ${outputFrames(c)} buffers`,
    block: 'u_output',
    width: Math.max(outputWriteLanes(c), c.streamLanes) * outputBits(c),
    words: outputFrames(c) * c.outRows,
  });
}
