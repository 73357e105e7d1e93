import { programOf } from '../../network/program.js';
import { packRecord } from '../build/record.js';
import { shapeFields, shapeWidths } from '../control/frame-shape.js';
import type { PlacedModel, StoreSize } from '../memory/store.js';
import type { Configuration } from '../plan/configuration.js';
import { imageOfWords } from './hex.js';

/** How long the frames of a model are: one word. */
export function shapeImage(c: Configuration, { model }: PlacedModel, size: StoreSize): string {
  const { input, output } = programOf(model);
  const [inputs, outputs] = [input.length, output.length];
  const fields = shapeFields(shapeWidths(c));
  const beats = (values: number): number => Math.ceil(values / c.streamLanes);
  const used = outputs - (beats(outputs) - 1) * c.streamLanes;
  const word = packRecord(fields, {
    input_last: beats(inputs) - 1,
    output_last: beats(outputs) - 1,
    output_lanes: 2 ** used - 1,
  });
  return imageOfWords([word], size);
}
