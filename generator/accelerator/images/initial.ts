import type { PlacedModel, StoreSize } from '../memory/store.js';
import { type Configuration, stepsPerGroup } from '../plan/configuration.js';
import { ImageWriter } from './hex.js';

/** States before the first frame of an utterance, [lane] in a word, in the order of the words of the states. */
export function initialImage(
  c: Configuration,
  { walks }: PlacedModel,
  { width, words }: StoreSize,
): string {
  const bits = c.words.cell;
  const image = new ImageWriter(width, words);
  const steps = stepsPerGroup(c);
  for (const { pass, groups, rows, turns } of walks) {
    if (pass.stateFraction === null) continue;
    const state = pass.initial?.state;
    for (let step = 0; step < groups * turns * steps; step++) {
      for (let lane = 0; lane < c.cellLanes; lane++) {
        const row = step * c.cellLanes + lane;
        if (row < rows) image.put(lane * bits, bits, state?.[row] ?? 0);
      }
      image.next();
    }
  }
  return image.finish();
}
