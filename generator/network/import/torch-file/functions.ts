import { PyDict, PyObject } from '../../formats/pickle/values.js';
import type { Part } from '../format.js';
import type { Nonlinearity } from '../imported.js';
import { allModules, type TorchModule } from './modules.js';
import { nonlinearityOf } from './nonlinearity.js';
import { asTensor } from './tensor.js';

/** Modules of torch that leave values as they are when a network is used, or that only hold others. */
const HARMLESS =
  /^torch\.nn\.modules\.(dropout\.\w+|linear\.Identity|container\.\w+|loss\.\w+|flatten\.\w+|module\.Module)$/;
const FINAL = /^torch\.nn\.modules\.activation\.(Softmax|LogSoftmax|Sigmoid)$/;
const SEQUENCE = 'torch.nn.modules.container.Sequential';
/** Hooks that compute parameters, which are known by the names of those. */
const KNOWN_HOOKS = /^torch\.nn\.utils\.(weight_norm|prune|spectral_norm)\./;

/** `torch.nn.modules.activation.ReLU` to `ReLU`; classes of others keep their whole name. */
export const shortType = (type: string): string =>
  type.replace(/^torch\.nn\.(quantized\.)?(\w+\.)*(?=\w+$)/, '$1');

/** What a module does that no tensor shows. */
export interface ModuleFacts {
  readonly functions: readonly Part[];
  readonly harmless: readonly Part[];
  readonly classes: ReadonlyMap<string, string>;
  readonly nonlinearities: ReadonlyMap<string, Nonlinearity>;
  readonly eps: ReadonlyMap<string, number>;
  readonly finalBehind: (module: string) => readonly string[];
  /** A hook of the user may change values. */
  readonly hooked: boolean;
  /** Attributes that are tensors, but no parameters. */
  readonly loose: readonly string[];
}

/** `code` is that of a TorchScript file. */
export function moduleFacts(
  root: TorchModule,
  code: ReadonlyMap<string, string> | null,
): ModuleFacts {
  const all = allModules(root);
  const bare = all.filter(({ tensors, children }) => tensors.size === 0 && children.length === 0);
  const part = ({ name, type }: TorchModule): Part => ({
    name: name || '(the whole)',
    what: shortType(type),
  });
  const hooks = all.flatMap(hooksOf);
  const harmless = bare.filter(({ type }) => HARMLESS.test(type));
  return {
    functions: [...bare.filter(({ type }) => !HARMLESS.test(type)).map(part), ...hooks],
    harmless: harmless.map(part),
    classes: new Map(all.map(({ name, type }) => [name, type])),
    nonlinearities: new Map(
      all.flatMap((module) => {
        const own = nonlinearityOf(module, code);
        return own === undefined ? [] : [[module.name, own] as const];
      }),
    ),
    eps: new Map(
      all.flatMap(({ name, attributes }) => {
        const eps = attributes.get('eps');
        return typeof eps === 'number' ? [[name, eps]] : [];
      }),
    ),
    finalBehind: (module) => finalBehind(module, all),
    hooked: hooks.length > 0,
    loose: all.flatMap(looseTensors),
  };
}

/** Hooks that a user has put on a module: they may change what it reads or gives. */
function hooksOf({ name, attributes }: TorchModule): readonly Part[] {
  return ['_forward_pre_hooks', '_forward_hooks'].flatMap((kind) => {
    const hooks = attributes.get(kind);
    if (!(hooks instanceof PyDict)) return [];
    return [...hooks.entries.values()]
      .map((hook) => (hook instanceof PyObject && hook.typeName) || 'of a function')
      .filter((type) => !KNOWN_HOOKS.test(type))
      .map((type) => ({ name: `${name || '(the whole)'}.${kind}`, what: `hook ${type}` }));
  });
}

/** The functions right behind a module in its Sequential, where they end it and keep the order of its values. */
function finalBehind(module: string, all: readonly TorchModule[]): readonly string[] {
  const parent = all.find(({ children }) => children.some(({ name }) => name === module));
  if (parent?.type !== SEQUENCE) return [];
  const at = parent.children.findIndex(({ name }) => name === module);
  const behind = parent.children.slice(at + 1).filter(({ type }) => !HARMLESS.test(type));
  return behind.length === 1 && behind.every(({ type }) => FINAL.test(type))
    ? behind.map(({ name }) => name)
    : [];
}

/** Tensors that code may use although they are no parameters; torch's own modules keep copies of theirs so. */
function looseTensors({ name, type, attributes, tensors }: TorchModule): readonly string[] {
  if (type.startsWith('torch.nn.')) return [];
  return [...attributes]
    .filter(([key, value]) => asTensor(value) !== null && !tensors.has(key))
    .map(([key]) => (name === '' ? key : `${name}.${key}`));
}
