import { placesOf, placesOfCell } from '../cell/places.js';
import type { PlacedModel, StoreSize } from '../memory/store.js';
import { type Configuration, sharedSlices, stepsPerGroup } from '../plan/configuration.js';
import { type PassWalk, sharesSlices } from '../schedule/pass-walk.js';
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
    const shared = sharesSlices(walk.pass);
    // neighbouring rows of exact sums have the places of the slices
    const own = shared
      ? Array.from({ length: sharedSlices(c) }, (_, place) => place)
      : placesOfCell(places, walk.pass.cell);
    for (let step = 0; step < walk.groups * steps; step++) {
      for (let lane = 0; lane < c.cellLanes; lane++) {
        const cell = step * c.cellLanes + lane;
        for (const [channel, place] of own.entries()) {
          const row = shared ? cell * sharedSlices(c) + channel : cell;
          if (row >= walk.rows) continue;
          const index = (shared ? 0 : channel) * walk.rows + row;
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
