import { type Configuration, orderOf, timelineOf } from '../accelerator/index.js';
import type { Model } from '../network/model.js';
import type { FrameTiming } from './design.js';

/** When frames that come back to back after a reset are accepted and end, as the schedule of a design has it for a model. */
export function backToBack(
  c: Configuration,
  model: Model,
): (emits: readonly boolean[]) => readonly FrameTiming[] {
  return (emits) => {
    const { walks, shape } = orderOf(c, model);
    const timeline = timelineOf(walks, shape);
    const times = emits.map((own) => timeline.next(undefined, own));
    const start = times[0]?.committed ?? 0;
    return times.map(({ committed, sent }) => ({
      accepted: committed - start,
      ended: sent - start,
    }));
  };
}
