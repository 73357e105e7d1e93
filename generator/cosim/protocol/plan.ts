import { Random } from '../../base/random.js';
import type { CosimDesign, FrameMarks } from '../design.js';
import type { Stalls } from '../driver/bounds.js';
import { EVENTS, type ResetForm } from '../driver/operations.js';
import { budgetOf } from './budget.js';
import type { Life } from './life.js';
import { type LifeKinds, lifeKinds } from './lives.js';
import { flowFrames, wholeFrames } from './pattern.js';

/** Longest delay of a reset that is timed by a stream: as long as the stages behind it, about. */
const MOST_DELAY = 48;
/** A long reset: all stages are empty by themselves at its end. */
const LONG_RESET = 70;
/** Of the lives behind a reset in operation, one in so many is under back-pressure. */
const HELD_SHARE = 5;

/** Stalls, and share of wrong frames, of the lives that no reset disturbs. */
const MIXTURES: readonly (readonly [Stalls, number])[] = [
  [{ gap: 0.2, pause: 0.3 }, 0.5],
  [{ gap: 0, pause: 0 }, 0.5],
  [{ gap: 0, pause: 0.5 }, 0],
  [{ gap: 0, pause: 0.9 }, 0.2],
  [{ gap: 0.5, pause: 0 }, 0.2],
];

/**
 * The lives of the protocol pass. First one that flows and one under back-pressure until the core is full: what later ones of
 * the same rhythm are held against. Then mixtures of good and wrong frames under stalls. Then pairs: a life that a reset ends
 * at a random cycle, and one that shows what the reset has left; of a large design the latter is ended by a reset as well.
 * Last, where it costs little, more wrong frames than are counted.
 */
export function planLives(
  design: CosimDesign,
  inputBits: number,
  seed: number,
  pattern: readonly FrameMarks[],
): readonly Life[] {
  const random = new Random(seed);
  const kinds = lifeKinds(design, inputBits, random, pattern);
  const flow = wholeFrames(pattern, flowFrames(design));
  const budget = budgetOf(design);
  const drained = () => ({ strike: null, reset: resetForm(random) });

  const lives = [kinds.flow(flow, drained()), kinds.held(drained())];
  for (let n = 0; n < budget.mixtures; n++) {
    const [stalls, wrong] = MIXTURES[n % MIXTURES.length] as (typeof MIXTURES)[number];
    lives.push(
      kinds.mixed(wholeFrames(pattern, design.buffers.inside + 1), stalls, wrong, drained()),
    );
  }
  let left = budget.cycles - lives.reduce((sum, { cost }) => sum + cost, 0);
  for (let pair = 0; pair < budget.resets && (left > 0 || pair < budget.leastResets); pair++) {
    const struck = struckLife(kinds, flow, pair, {
      strike: strikeOf(pair, budget.resets, kinds.span, random),
      reset: resetForm(random),
    });
    lives.push(struck);
    left -= struck.cost / 2;
    if (!budget.drains) continue;
    const heldNext = pair % HELD_SHARE === HELD_SHARE - 1;
    const next = heldNext ? kinds.held(drained()) : kinds.flow(flow, drained());
    lives.push(next);
    left -= next.cost;
  }
  const countedOut = kinds.countedOut(drained());
  if (countedOut.cost <= budget.countedOut) lives.push(countedOut);
  return [...lives, kinds.flow(flow, drained())];
}

/** Half of the resets are spread over the whole life, each at random within its share; half are timed by a stream. */
function strikeOf(pair: number, pairs: number, span: number, random: Random): Life['strike'] {
  if (pair % 2 === 1) {
    const event = EVENTS[random.below(EVENTS.length)] as (typeof EVENTS)[number];
    return { event, delay: random.below(MOST_DELAY) };
  }
  // in steps of seven, so that the kinds of lives get early and late ones
  const share = (pair * 7) % pairs;
  return { event: 'armed', delay: Math.floor((span * (share + random.unit())) / pairs) };
}

function struckLife(
  kinds: LifeKinds,
  flow: number,
  pair: number,
  ends: Pick<Life, 'strike' | 'reset'>,
): Life {
  switch (pair % 5) {
    case 0:
    case 1:
      return kinds.flow(flow, ends);
    case 2:
      return kinds.held(ends);
    case 3:
      return kinds.mixed(flow, { gap: 0.1, pause: 0.2 }, 0.6, ends);
    default:
      return kinds.mixed(flow, { gap: 0.4, pause: 0.6 }, 0.2, ends);
  }
}

/** Mostly one cycle, for that clears least. */
function resetForm(random: Random): ResetForm {
  const short = random.below(4) > 0 ? 1 : random.between(2, 4);
  const cycles = random.below(8) === 0 ? LONG_RESET : short;
  return { cycles, offer: random.below(2) === 0 };
}
