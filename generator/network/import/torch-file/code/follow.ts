import type { Step, StepEffect } from '../../pytorch/step.js';
import type { TorchModule } from '../modules.js';
import { classText } from '../nonlinearity.js';
import { alone, givenBy, lastOf, ofDirections } from './directions.js';
import { effectOf, IDLE, type Numbers } from './functions.js';
import { leafOf } from './leaves.js';
import { type Expression, type Method, parseMethod } from './parse.js';
import { type Frames, isGivenBack, isState, STATE, UNKNOWN, type Value } from './values.js';

type Call = Extract<Expression, { is: 'call' }>;

/** Calls that are followed, and within each other; a file may have more than anybody writes. */
const MOST_CALLS = 5000;
const MOST_DEPTH = 200;
/** Hooks of a module in TorchScript, which are run unseen. */
const HOOKS = /__forward_(pre_)?hooks__ = \[\s*"/;
const RECURRENT = /^(lstm|gru|rnn_tanh|rnn_relu)$/;
/** Functions that look at a value and change nothing. */
const LOOKS = /^(size|dim|len|numel|dtype|device|is_floating_point)$/;
/** The end of an axis, where nobody says another one. */
const WHOLE = 2 ** 62;

/**
 * The steps from the frames, the first argument of a network, to its outputs, the first value that it returns, as the code of a
 * TorchScript file or the order of torch.nn.Sequential show them: modules and functions in a row. Null where they show
 * anything else, or not all.
 */
export function stepsOf(
  root: TorchModule,
  code: ReadonlyMap<string, string> | null,
): readonly Step[] | null {
  return new Follower(code).steps(root);
}

class Follower {
  readonly #texts = new Map<TorchModule, string>();
  readonly #methods = new Map<string, Method | null>();
  /** Frames that a call may have changed in place: nothing is known of them any more. */
  readonly #spent = new Set<Value>();
  /** Something may have changed frames in place that is not followed. */
  #lost = false;
  #calls = 0;
  #depth = 0;

  constructor(private readonly code: ReadonlyMap<string, string> | null) {}

  steps(root: TorchModule): readonly Step[] | null {
    const result = this.#outputs(root);
    if (result?.is !== 'frames' || this.#spent.has(result) || this.#lost) return null;
    return result.steps;
  }

  #outputs(root: TorchModule): Value | null {
    const frames: Frames = { is: 'frames', steps: [] };
    const method = this.#method(root, 'forward');
    const others = (method?.args ?? []).slice(1).map(() => STATE);
    const value = this.#module(root, 'forward', [frames, ...others]);
    if (value.is !== 'list') return alone(value);
    const [first = UNKNOWN, ...rest] = value.items;
    return rest.every(isGivenBack) ? alone(first) : null;
  }

  #module(module: TorchModule, method: string, given: readonly Value[]): Value {
    const args = given.map(alone);
    const [frames] = args;
    const own = frames?.is === 'frames' && !this.#spent.has(frames) ? frames : null;
    const leaf = leafOf(module, this.#text(module));
    if (leaf === 'idle') return own ?? UNKNOWN;
    if (leaf === 'recurrent') return this.#recurrent(module, method, args);
    if (leaf === 'sequence' && this.code === null) {
      return module.children.reduce(
        (value: Value, child) => this.#module(child, 'forward', [value]),
        own ?? UNKNOWN,
      );
    }
    if (leaf !== null && typeof leaf === 'object') {
      if (own === null) return UNKNOWN;
      if (leaf.is === 'function') this.#spent.add(own);
      return withStep(own, leaf);
    }
    return this.#run(module, method, args);
  }

  /** torch.nn.LSTM, GRU or RNN as Python knows it; traced ones give what is read of them, as their code says. */
  #recurrent(module: TorchModule, method: string, args: readonly Value[]): Value {
    if (method === 'forward') return this.#run(module, method, args);
    const [frames, state, ...more] = args;
    if (frames?.is !== 'frames' || this.#spent.has(frames)) return UNKNOWN;
    if (method !== 'forward__0' || !isState(state) || more.length > 0) return UNKNOWN;
    const { frames: own, h, c } = givenBy(module, frames);
    const lstm = module.type.endsWith('.LSTM');
    return { is: 'list', items: [own, lstm ? { is: 'list', items: [h, c] } : h] };
  }

  #run(module: TorchModule, name: string, args: readonly Value[]): Value {
    if (this.#depth >= MOST_DEPTH) return UNKNOWN;
    this.#depth++;
    const result = this.#result(module, name, args);
    this.#depth--;
    return result;
  }

  #result(module: TorchModule, name: string, args: readonly Value[]): Value {
    const method = this.#method(module, name);
    if (method === null || args.length > method.args.length) return UNKNOWN;
    const self: Value = { is: 'module', module };
    const scope = new Map<string, Value>([['self', self]]);
    const text = this.#text(module);
    // the name of `self` is the user's own
    const called = new RegExp(`\\n {2}def ${name}\\((\\w+): `).exec(text)?.[1];
    if (called !== undefined) scope.set(called, self);
    method.args.forEach((arg, i) => {
      scope.set(arg, args[i] ?? UNKNOWN);
    });
    for (const { targets, value } of method.body) {
      const result = this.#value(value, scope, module);
      if (targets === null) return result;
      const items = result.is === 'list' ? result.items : null;
      targets.forEach((target, i) => {
        scope.set(target, targets.length === 1 ? result : (items?.[i] ?? UNKNOWN));
      });
    }
    return UNKNOWN;
  }

  #value(expression: Expression, scope: ReadonlyMap<string, Value>, module: TorchModule): Value {
    const of = (one: Expression) => this.#value(one, scope, module);
    switch (expression.is) {
      case 'number':
        return { is: 'number', value: expression.value };
      case 'text':
        return UNKNOWN;
      case 'name':
        return scope.get(expression.name) ?? wordOf(expression.name);
      case 'list':
        return { is: 'list', items: expression.items.map(of) };
      case 'member':
        return memberOf(of(expression.of), expression.name);
      case 'item': {
        const [list, index] = [of(expression.of), of(expression.index)];
        const item = list.is === 'list' && index.is === 'number' && list.items[index.value];
        return item || UNKNOWN;
      }
      case 'call':
        return this.#call(expression, scope, module);
    }
  }

  #call(call: Call, scope: ReadonlyMap<string, Value>, module: TorchModule): Value {
    if (++this.#calls > MOST_CALLS) this.#lost = true;
    if (this.#lost) return UNKNOWN;
    const { callee } = call;
    const args = call.args.map((one) => this.#value(one, scope, module));
    const named = new Map(
      [...call.named].map(([key, one]) => [key, this.#value(one, scope, module)]),
    );
    if (callee.is === 'name' && callee.name === 'getattr') {
      const [, name] = call.args;
      return args[0] !== undefined && name?.is === 'text' ? memberOf(args[0], name.text) : UNKNOWN;
    }
    if (callee.is === 'member') {
      const owner = this.#value(callee.of, scope, module);
      if (owner.is === 'module') {
        const result = named.size === 0 ? this.#module(owner.module, callee.name, args) : UNKNOWN;
        return this.#checked(result, args, '');
      }
    }
    const known = this.#value(callee, scope, module);
    const path = known.is === 'function' ? known.path : '';
    const live = args.every((one) => !this.#spent.has(one));
    const result = live ? applied(path, args, named, module) : UNKNOWN;
    return this.#checked(result, args, path);
  }

  /** The result of a call, which may have changed its arguments in place where it is not known to leave them. */
  #checked(result: Value, args: readonly Value[], path: string): Value {
    const name = path.split('.').at(-1) ?? '';
    const [frames] = args;
    const changed =
      result.is === 'frames' && result !== frames && result.steps.at(-1)?.is === 'function';
    const unseen = result.is === 'unknown' && !LOOKS.test(name);
    const views = args.filter((one) => one.is === 'direction' || one.is === 'first');
    if (changed || unseen) {
      for (const one of args) if (one.is === 'frames') this.#spent.add(one);
      for (const { frames: viewed } of views) this.#spent.add(viewed);
    }
    const inPlace = /[a-z\d]_$/.test(name);
    if (inPlace && (result.is === 'unknown' || views.length > 0)) this.#lost = true;
    return result;
  }

  #text(module: TorchModule): string {
    const known = this.#texts.get(module);
    if (known !== undefined) return known;
    const text = classText(module.written, this.code);
    this.#texts.set(module, text);
    if (HOOKS.test(text)) this.#lost = true;
    return text;
  }

  #method(module: TorchModule, name: string): Method | null {
    const key = `${module.written} ${name}`;
    const known = this.#methods.get(key);
    if (known !== undefined) return known;
    const method = parseMethod(this.#text(module), name);
    this.#methods.set(key, method);
    return method;
  }
}

const withStep = ({ steps }: Frames, step: Step): Frames => ({
  is: 'frames',
  steps: [...steps, step],
});

function wordOf(name: string): Value {
  if (name === 'None' || name === 'True' || name === 'False') return { is: 'word', word: name };
  return name === 'torch' || name === '__torch__' ? { is: 'function', path: name } : UNKNOWN;
}

function memberOf(of: Value, name: string): Value {
  if (of.is === 'function') return { is: 'function', path: `${of.path}.${name}` };
  if (of.is !== 'module') return UNKNOWN;
  const { module } = of;
  const attribute = module.attributes.get(name);
  if (typeof attribute === 'number') return { is: 'number', value: attribute };
  const own = module.name === '' ? name : `${module.name}.${name}`;
  const child = module.children.find((one) => one.name === own);
  return child === undefined ? UNKNOWN : { is: 'module', module: child };
}

/** A function of torch with these arguments. `module` is the one whose code calls it. */
function applied(
  path: string,
  args: readonly Value[],
  named: ReadonlyMap<string, Value>,
  module: TorchModule,
): Value {
  const [, name = ''] = /^(?:torch|__torch__\.torch\.nn\.functional)\.(\w+)$/.exec(path) ?? [];
  const [first = UNKNOWN, state] = args;
  if (/^zeros(_like)?$/.test(name)) return STATE;
  const numbers: Numbers = (place, key) => {
    const value = args[place] ?? named.get(key);
    if (value === undefined || (value.is === 'word' && value.word === 'None')) return null;
    return value.is === 'number' ? value.value : undefined;
  };
  const part = ofDirections(name, args, numbers, named);
  if (part !== null) return part;
  const frames = alone(first);
  if (frames.is !== 'frames') return UNKNOWN;
  if (RECURRENT.test(name)) {
    if (leafOf(module, '') !== 'recurrent' || !isState(state)) return UNKNOWN;
    const { frames: own, h, c } = givenBy(module, frames);
    return { is: 'list', items: [own, h, ...(name === 'lstm' ? [c] : [])] };
  }
  if (IDLE.test(name)) {
    const trains = args.some((one) => one.is === 'word' && one.word === 'True');
    return trains && name.includes('dropout') ? UNKNOWN : frames;
  }
  if (name === 'slice') return isWhole(numbers, named) ? frames : UNKNOWN;
  if (name === 'select') return lastFrame(frames, numbers);
  const effect: StepEffect | null = effectOf(name, numbers);
  return effect === null ? UNKNOWN : withStep(frames, { is: 'function', name, effect });
}

/** torch.slice(x, dim, 0, the end, 1), or less of it. */
function isWhole(at: Numbers, named: ReadonlyMap<string, Value>): boolean {
  const [from, to, step] = [at(2, 'start'), at(3, 'end'), at(4, 'step')];
  return (
    named.size === 0 &&
    (from ?? 0) === 0 &&
    (to ?? WHOLE) >= WHOLE &&
    (step ?? 1) === 1 &&
    ![from, to, step].includes(undefined)
  );
}

/** The last frame of what a recurrent layer gives, the batch beside it. */
function lastFrame(frames: Frames, at: Numbers): Value {
  const [axis, index] = [at(1, 'dim'), at(2, 'index')];
  const behind = frames.steps.some(({ is }) => is === 'recurrent');
  const first = frames.steps.every(({ is }) => is !== 'last');
  const known = behind && first && (axis === 0 || axis === 1) && index === -1;
  return known ? lastOf(frames) : UNKNOWN;
}
