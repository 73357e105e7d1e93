import type { Model } from '../../network/model.js';
import { orderOf } from '../schedule/order.js';
import { type Prediction, steadyFrames, timelineOf } from '../schedule/schedule.js';
import type { FrameTimes, Observer, Timeline } from '../schedule/timeline.js';
import type { Chain, Hardware } from './chain.js';
import { engineParts } from './placed.js';

/** When a frame of a chain is read and sent, in cycles. */
export type ChainTimes = Pick<FrameTimes, 'committed' | 'sent'>;

/**
 * Cycle-exact model of a chain: a frame is played in one engine after another. The first beat of its output is at the joint when
 * the engine before has it, moves when the engine behind has a buffer for it, and the others follow without a gap, as both sides
 * hold whole frames. So the engine before knows when its own buffer is free before it plays the frame that needs it.
 */
export class ChainTimeline {
  /** Of each engine, in order; the beats of an output frame are those of the input frame behind it. */
  constructor(private readonly engines: readonly Timeline[]) {}

  /** The next frame, its input there at once. `emits`: its outputs leave the last engine. */
  next(emits = true): ChainTimes {
    const times = this.nextOfEngines(emits);
    const [first, last] = [times[0] as FrameTimes, times.at(-1) as FrameTimes];
    return { committed: first.committed, sent: last.sent };
  }

  /** The same: the times of each engine. `observe`: sees the jobs of each engine, by its number. */
  nextOfEngines(emits = true, observe?: (engine: number) => Observer): readonly FrameTimes[] {
    const times: FrameTimes[] = [];
    for (const [n, engine] of this.engines.entries()) {
      const last = n === this.engines.length - 1;
      const arrives = times[n - 1]?.offered;
      times.push(engine.next(observe?.(n), !last || emits, arrives));
      if (n > 0) this.engines[n - 1]?.taken((times[n] as FrameTimes).committed);
    }
    return times;
  }
}

/** The schedule of a design for a model that is cut at those places; of one engine without cuts too. */
export function hardwareTimeline(
  hardware: Hardware,
  model: Model,
  cuts: readonly number[],
): ChainTimeline {
  return new ChainTimeline(
    engineParts(hardware, model, cuts).map(({ c, model: part }) => {
      const { walks, shape } = orderOf(c, part);
      return timelineOf(walks, shape);
    }),
  );
}

/**
 * Exact cycles of a model on a chain, from its first input beat to the last output beat of its last engine; frames of a design
 * whose outputs leave of last frames alone are all marked as such.
 */
export function predictChain(
  chain: Chain,
  model: Model,
  cuts: readonly number[],
): Omit<Prediction, 'layers'> {
  const alone = (emits: boolean): number => {
    const { sent, committed } = hardwareTimeline(chain, model, cuts).next(emits);
    return sent - committed;
  };
  const timeline = hardwareTimeline(chain, model, cuts);
  const { cyclesPerFrame } = steadyFrames(() => timeline.next());
  return {
    cyclesPerFrame,
    latencyCycles: alone(true),
    silentCycles: chain.engines.at(-1)?.emit === 'last' ? alone(false) : null,
  };
}
