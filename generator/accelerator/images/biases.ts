import { placesOf, placesOfCell } from '../cell/places.js';
import type { PlacedModel, StoreSize } from '../memory/store.js';
import { type Configuration, stepsPerGroup } from '../plan/configuration.js';
import type { PassWalk } from '../schedule/pass-walk.js';
import { ImageWriter } from './hex.js';

/**
 * Biases in the order of the steps of a frame, [lane][channel] in a word, or neighbouring rows of a pass of one gate; behind them those of the first frame of an utterance, of
 * the passes that have them.
 */
export function biasImage(
  c: Configuration,
  { walks }: PlacedModel,
  { width, words }: StoreSize,
): string {
  const bits = c.words.bias;
  const image = new ImageWriter(width, words);
  const steps = stepsPerGroup(c);
  const places = placesOf(c);
  const write = (walk: PassWalk, bias: Int32Array): void => {
    const { turns } = walk;
    const shared = turns === 1 ? walk.shared : 1;
    // neighbouring rows of exact sums have the places of the slices
    const own =
      shared > 1
        ? Array.from({ length: shared }, (_, place) => place)
        : placesOfCell(places, walk.pass.cell);
    for (let step = 0; step < walk.groups * steps * turns; step++) {
      for (let lane = 0; lane < c.cellLanes; lane++) {
        const cell = step * c.cellLanes + lane;
        for (const [channel, place] of own.entries()) {
          const row = shared > 1 ? cell * shared + channel : cell;
          if (row >= walk.rows) continue;
          const index = (shared > 1 ? 0 : channel) * walk.rows + row;
          image.put((lane * places.length + place) * bits, bits, bias[index] as number);
        }
      }
      image.next();
    }
  };
  for (const walk of walks) write(walk, walk.pass.bias);
  for (const walk of walks) {
    const { initial } = walk.pass;
    if (initial !== undefined) write(walk, initial.bias);
  }
  return image.finish();
}
