import type { Step } from '../../pytorch/step.js';
import type { TorchModule } from '../modules.js';
import type { Numbers } from './functions.js';
import type { Direction, Frames, Value } from './values.js';

/** The end of an axis, where nobody says another one. */
const WHOLE = 2 ** 62;
const LAYER = /^weight_hh_l(\d+)(_reverse)?$/;

/** What a recurrent module gives: its frames, and h and c after the last one. */
export function givenBy(
  module: TorchModule,
  { steps }: Frames,
): { readonly frames: Frames; readonly h: Value; readonly c: Value } {
  const names = [...module.tensors.keys()];
  const matrices = names.filter((name) => LAYER.test(name));
  const bidirectional = matrices.some((name) => name.endsWith('_reverse'));
  const matrix = module.tensors.get('weight_hh_l0');
  const width = matrix && 'shape' in matrix ? matrix.shape?.[1] : undefined;
  const step: Step = { is: 'recurrent', module: module.name };
  const frames: Frames = {
    is: 'frames',
    steps: [...steps, step],
    ofOne: bidirectional ? width : undefined,
  };
  const states = (of: 'h' | 'c'): Value => ({ is: 'states', of, frames, count: matrices.length });
  return { frames, h: states('h'), c: states('c') };
}

/** One of stacked states, torch.select(h_n, 0, index): that of the last layer; null for others. */
function selectedState(
  { of, frames, count }: Extract<Value, { is: 'states' }>,
  at: Numbers,
): Value | null {
  const [axis, index] = [at(1, 'dim'), at(2, 'index')];
  if (of !== 'h' || axis !== 0 || typeof index !== 'number') return null;
  const behind = count - (index < 0 ? index + count : index);
  if (frames.ofOne === undefined) return behind === 1 ? lastOf(frames) : null;
  if (behind !== 1 && behind !== 2) return null;
  return { is: 'direction', way: behind === 1 ? 'backward' : 'forward', frames, at: 'final' };
}

/** The last frame of what a recurrent layer gives. */
export const lastOf = (frames: Frames): Frames => ({
  is: 'frames',
  steps: [...frames.steps, { is: 'last' }],
  ofOne: frames.ofOne,
  every: frames,
});

/** The values of one direction, torch.slice over the features; null for other parts. */
function halfOf(value: Frames | Extract<Value, { is: 'first' }>, at: Numbers): Direction | null {
  const every = value.is === 'first' ? value.frames : (value.every ?? value);
  const single = value.is === 'first' || value.every !== undefined;
  const [axis, from, to, step] = [at(1, 'dim'), at(2, 'start'), at(3, 'end'), at(4, 'step')];
  const { ofOne } = every;
  if (ofOne === undefined || ![single ? 1 : 2, -1].includes(axis ?? 0) || (step ?? 1) !== 1) {
    return null;
  }
  const forward = (from ?? 0) === 0 && (to === ofOne || to === -ofOne);
  const end = to === null || (typeof to === 'number' && (to >= WHOLE || to === 2 * ofOne));
  const backward = (from === ofOne || from === -ofOne) && end;
  if (forward === backward || from === undefined) return null;
  const own = { is: 'direction', way: forward ? 'forward' : 'backward', frames: every } as const;
  if (value.is === 'frames') return { ...own, at: single ? 'last' : 'every' };
  return backward ? { ...own, at: 'final' } : null;
}

/** Where two directions stand that something reads together; null where that is not at one frame or the final states. */
function placeOf(forward: Direction, backward: Direction): Direction['at'] | null {
  if (forward.frames !== backward.frames) return null;
  if ((forward.at === 'every') !== (backward.at === 'every')) return null;
  // the last frame is the final one of the forward direction
  return backward.at;
}

function ended(frames: Frames, merge: readonly Step[], at: Direction['at']): Frames {
  const last: readonly Step[] =
    at === 'every' ? [] : [at === 'final' ? { is: 'last', final: true } : { is: 'last' }];
  return { is: 'frames', steps: [...frames.steps, ...merge, ...last] };
}

/** torch.cat of both directions, the forward one first. */
function joined(list: Value | undefined, at: Numbers): Frames | null {
  const [forward, backward, ...more] = list?.is === 'list' ? list.items : [];
  if (forward?.is !== 'direction' || backward?.is !== 'direction' || more.length > 0) return null;
  if (forward.way !== 'forward' || backward.way !== 'backward') return null;
  const place = placeOf(forward, backward);
  const axis = at(1, 'dim');
  if (place === null || (axis !== -1 && axis !== (place === 'every' ? 2 : 1))) return null;
  return place === 'every' ? forward.frames : ended(forward.frames, [], place);
}

/** torch.add of both directions. */
function added(a: Value | undefined, b: Value | undefined): Frames | null {
  if (a?.is !== 'direction' || b?.is !== 'direction' || a.way === b.way) return null;
  const [forward, backward] = a.way === 'forward' ? [a, b] : [b, a];
  const place = placeOf(forward, backward);
  return place && ended(forward.frames, [{ is: 'merge', merging: 'sum' }], place);
}

/** Half of the sum of both directions. */
function halved(frames: Frames): Frames | null {
  const at = frames.steps.length - (frames.steps.at(-1)?.is === 'last' ? 2 : 1);
  const step = frames.steps[at];
  if (step?.is !== 'merge' || step.merging !== 'sum') return null;
  return { ...frames, steps: frames.steps.with(at, { is: 'merge', merging: 'ave' }) };
}

/** A direction that something reads alone, as frames; other values as they are. */
export function alone(value: Value): Value {
  if (value.is !== 'direction') return value;
  const { frames, way, at } = value;
  const place = way === 'forward' && at === 'final' ? 'last' : at;
  return ended(frames, [{ is: 'merge', merging: way }], place);
}

/**
 * What a function of torch makes of states, of both directions of a layer or of one; null where it is none that takes them
 * apart or puts them together. `more`: arguments by name.
 */
export function ofDirections(
  name: string,
  args: readonly Value[],
  at: Numbers,
  more: ReadonlyMap<string, Value>,
): Value | null {
  const [first, second] = args;
  const plain = more.size === 0;
  if (first === undefined || !plain) return null;
  const factor = at(1, 'other');
  switch (name) {
    case 'select':
      if (first.is === 'states') return selectedState(first, at);
      return isFirst(first, at) ? { is: 'first', frames: first } : null;
    case 'slice':
      return first.is === 'frames' || first.is === 'first' ? halfOf(first, at) : null;
    case 'cat':
      return joined(first, at);
    case 'add':
      return args.length === 2 ? added(first, second) : null;
    case 'mul':
      return first.is === 'frames' && factor === 0.5 ? halved(first) : null;
    case 'div':
      return first.is === 'frames' && factor === 2 && args.length === 2 ? halved(first) : null;
    default:
      return null;
  }
}

/** Whether this selects the first frame of a bidirectional layer. */
function isFirst(value: Value, at: Numbers): value is Frames {
  const [axis, index] = [at(1, 'dim'), at(2, 'index')];
  const own = value.is === 'frames' && value.ofOne !== undefined && value.every === undefined;
  return own && (axis === 0 || axis === 1) && index === 0;
}
