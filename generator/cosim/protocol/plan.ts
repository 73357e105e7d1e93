import { Random } from '../../base/random.js';
import type { CosimDesign } from '../design.js';
import type { Stalls } from '../driver/bounds.js';
import { heldFrames, OUTPUT_BUFFERS } from '../driver/buffers.js';
import { EVENTS, type ResetForm } from '../driver/operations.js';
import { budgetOf } from './budget.js';
import type { Life } from './life.js';
import { type LifeKinds, lifeKinds } from './lives.js';

/** Frames that flow between two resets at most. */
const FLOW_FRAMES = 4;
/** Longest delay of a reset that is timed by a stream: as long as the stages behind it, about. */
const MOST_DELAY = 48;
/** A long reset: all stages are empty by themselves at its end. */
const LONG_RESET = 70;
/** Frames whose marks are drawn until they are of use. */
const DRAWN_MARKS = 8;
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
 * Whether the outputs of each frame of a tape leave, as many frames as the longest life has. Where not all of them do, marks are
 * drawn, so that frames of both kinds flow, and more outputs are due than the output buffers take.
 */
export function emittingPattern(design: CosimDesign, seed: number): readonly boolean[] {
  const { inside } = design.buffers;
  const all = Math.max(FLOW_FRAMES, inside + 2);
  if (design.emit === 'every') return Array.from({ length: all }, () => true);
  const random = new Random(seed);
  for (;;) {
    const drawn = Array.from({ length: DRAWN_MARKS }, () => random.below(2) === 0);
    const flowing = new Set(drawn.slice(0, FLOW_FRAMES));
    if (flowing.size === 1 || drawn.filter(Boolean).length <= OUTPUT_BUFFERS) continue;
    const rest = heldFrames(design, drawn) + 1 - drawn.length;
    return [...drawn, ...Array.from({ length: Math.max(0, rest) }, () => random.below(2) === 0)];
  }
}

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
  emits: readonly boolean[],
): readonly Life[] {
  const random = new Random(seed);
  const kinds = lifeKinds(design, inputBits, random, heldFrames(design, emits));
  const budget = budgetOf(design);
  const drained = () => ({ strike: null, reset: resetForm(random) });

  const lives = [kinds.flow(FLOW_FRAMES, drained()), kinds.held(drained())];
  for (let n = 0; n < budget.mixtures; n++) {
    const [stalls, wrong] = MIXTURES[n % MIXTURES.length] as (typeof MIXTURES)[number];
    lives.push(kinds.mixed(design.buffers.inside + 1, stalls, wrong, drained()));
  }
  let left = budget.cycles - lives.reduce((sum, { cost }) => sum + cost, 0);
  for (let pair = 0; pair < budget.resets && (left > 0 || pair < budget.leastResets); pair++) {
    const struck = struckLife(kinds, pair, {
      strike: strikeOf(pair, budget.resets, kinds.span, random),
      reset: resetForm(random),
    });
    lives.push(struck);
    left -= struck.cost / 2;
    if (!budget.drains) continue;
    const heldNext = pair % HELD_SHARE === HELD_SHARE - 1;
    const next = heldNext ? kinds.held(drained()) : kinds.flow(FLOW_FRAMES, drained());
    lives.push(next);
    left -= next.cost;
  }
  const countedOut = kinds.countedOut(drained());
  if (countedOut.cost <= budget.countedOut) lives.push(countedOut);
  return [...lives, kinds.flow(FLOW_FRAMES, drained())];
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

function struckLife(kinds: LifeKinds, pair: number, ends: Pick<Life, 'strike' | 'reset'>): Life {
  switch (pair % 5) {
    case 0:
    case 1:
      return kinds.flow(FLOW_FRAMES, ends);
    case 2:
      return kinds.held(ends);
    case 3:
      return kinds.mixed(FLOW_FRAMES, { gap: 0.1, pause: 0.2 }, 0.6, ends);
    default:
      return kinds.mixed(FLOW_FRAMES, { gap: 0.4, pause: 0.6 }, 0.2, ends);
  }
}

/** Mostly one cycle, for that clears least. */
function resetForm(random: Random): ResetForm {
  const short = random.below(4) > 0 ? 1 : random.between(2, 4);
  const cycles = random.below(8) === 0 ? LONG_RESET : short;
  return { cycles, offer: random.below(2) === 0 };
}
