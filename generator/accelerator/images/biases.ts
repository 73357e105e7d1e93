import type { PlacedModel, StoreSize } from '../memory/store.js';
import { type Configuration, stepsPerGroup } from '../plan/configuration.js';
import { gateOfSlice, type PassWalk, sharesSlices } from '../schedule/pass-walk.js';
import { ImageWriter } from './hex.js';

/**
 * Biases in the order of the steps of a frame, [lane][gate] in a word; behind them those of the first frame of an utterance, of
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
  const write = (walk: PassWalk, bias: Int32Array): void => {
    const shared = sharesSlices(walk.pass);
    for (let step = 0; step < walk.groups * steps; step++) {
      for (let lane = 0; lane < c.cellLanes; lane++) {
        for (let slice = 0; slice < c.slices; slice++) {
          const gate = gateOfSlice(walk.pass, slice);
          const cell = step * c.cellLanes + lane;
          const row = shared ? cell * c.slices + slice : cell;
          if (gate === null || row >= walk.rows) continue;
          const index = gate * walk.rows + row;
          image.put((lane * c.slices + slice) * bits, bits, bias[index] as number);
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
