import { channelsIn } from '../../network/cells/registry.js';
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
  const channels = channelsIn(c.cell);
  const write = (walk: PassWalk, bias: Int32Array): void => {
    const shared = sharesSlices(walk.pass);
    for (let step = 0; step < walk.groups * steps; step++) {
      for (let lane = 0; lane < c.cellLanes; lane++) {
        const cell = step * c.cellLanes + lane;
        for (let place = 0; place < (shared ? sharedSlices(c) : channels); place++) {
          const row = shared ? cell * sharedSlices(c) + place : cell;
          if (row >= walk.rows) continue;
          const index = (shared ? 0 : place) * walk.rows + row;
          image.put((lane * channels + place) * bits, bits, bias[index] as number);
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
