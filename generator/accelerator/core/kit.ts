import type { Expr, Int, PortValues, Scope } from '../../hdl/index.js';
import type { blocksOf } from '../build/blocks.js';
import { topPorts, tracePorts } from '../build/ports.js';
import { FEED_LATENCY } from '../cell/lane-feed.js';
import { QUEUE_FEED_LATENCY } from '../decoder/queue/latency.js';
import type { Configuration } from '../plan/configuration.js';
import type { Stages } from '../schedule/stages.js';
import { stateAskedPorts } from '../states/ports.js';
import { stateSizes } from '../states/sizes.js';
import type { StateNets } from './state-nets.js';

/** Ports of the core: those of the top, what asks for states, and the trace. */
export function corePorts(c: Configuration) {
  return {
    ...topPorts(c),
    ...(c.busStates ? stateAskedPorts(stateSizes(c)) : {}),
    ...tracePorts(c),
  };
}

/** The second mark of a frame, in the comments of what travels. */
export function markName({ relays }: Pick<Configuration, 'relays'>): string {
  return relays ? 'last of an utterance' : 'emits';
}

/** The cycle in which the cell lanes take a set, in cycles after the issue of its last tile: its first step is in the next one. */
export function takeStage({ c, stage }: Pick<CoreKit, 'c' | 'stage'>): Int {
  if (c.queues === undefined) return stage.pair;
  return stage.pair.plus(QUEUE_FEED_LATENCY - FEED_LATENCY);
}

/** What every part of the core works with. */
export interface CoreKit {
  readonly c: Configuration;
  readonly m: Scope;
  readonly io: PortValues<ReturnType<typeof corePorts>>;
  readonly blocks: ReturnType<typeof blocksOf>;
  /** Stages as localparams, in cycles after the issue of a tile. */
  readonly stage: Readonly<Record<Exclude<keyof Stages, 'feed'>, Int>>;
  /** Fields of the frame lengths. */
  readonly lengths: (name: string) => Expr<'u'>;
  /** What reaches h and c beside the frames; null: nothing does. */
  readonly states: StateNets | null;
}
