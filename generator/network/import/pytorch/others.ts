import type { Tensor } from '../../formats/safetensors.js';
import type { LayerNames } from './layer-names.js';
import { inModule, type RecurrentSizes, TORCH_GATES } from './modules.js';
import { byNumber, type TensorReader } from './tensors.js';

/** A module of the file that is no part of the recurrent layers: its own tensors by the last part of their names. */
export interface OtherModule {
  readonly name: string;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** Modules of the tensors that are not taken; a tensor that stands in no module is one by itself. */
export function otherModules(reader: TensorReader): readonly OtherModule[] {
  const found = new Map<string, Map<string, Tensor>>();
  for (const [tensor, value] of reader.source.tensors) {
    if (reader.taken.has(tensor)) continue;
    const [, module = tensor, part = ''] = /^(.*)\.([^.]*)$/s.exec(tensor) ?? [];
    const own = found.get(module) ?? new Map<string, Tensor>();
    found.set(module, own.set(part, value));
  }
  return [...found]
    .map(([name, tensors]) => ({ name, tensors }))
    .sort((a, b) => byNumber(a.name, b.name));
}

/** Whether `name` names the module, one that it stands in, or one of its tensors. */
export const covers = (name: string, tensor: string): boolean =>
  tensor === name || tensor.startsWith(`${name}.`);

const USUAL =
  /^(weight|bias|running_mean|running_var|num_batches_tracked|in_proj_weight|in_proj_bias)$/;
/** Names of states, learned or not. */
export const STATE = /(^|[._])(\w*init\w*|states?|h_?0|c_?0|hx|cx)($|[._])/i;

/**
 * Whether `fc=none` is enough to explain a module: then it stands before x or behind the outputs, and that changes
 * nothing unseen. It is beside the only recurrent module, is no bare parameter, is not called after a state, and, where
 * the loop over the frames is the user's own (nn.LSTMCell, say), is a convolution or gives neither gate sums nor h. Nor can
 * frames from before it be mistaken for those that the first layer reads, as those before a norm on its inputs can.
 */
export function explainedByNone(
  { name, tensors }: OtherModule,
  { modules }: LayerNames,
  { inputs, cells }: RecurrentSizes,
): boolean {
  const [only] = modules;
  if (modules.length !== 1 || only === undefined || only.name === '') return false;
  if (covers(only.name, name) || STATE.test(name)) return false;
  if (![...tensors.keys()].every((part) => USUAL.test(part))) return false;
  const shape = (tensors.get('weight') ?? tensors.get('running_mean'))?.shape ?? [];
  const [rows = 0, columns = rows] = shape;
  if (shape.length > 2) return true;
  if (columns === inputs && (shape.length < 2 || rows === inputs || inputs !== cells)) return false;
  if (only.kind === 'layers') return true;
  const gateSums = [1, ...Object.values(TORCH_GATES)].map((gates) => gates * cells);
  return [...tensors.values()].every(({ shape }) => !gateSums.includes(shape[0] ?? 0));
}

/** The shortest names that cover the modules and nothing that is taken. */
export function shortNames(
  modules: readonly OtherModule[],
  reader: TensorReader,
): readonly string[] {
  const others = new Set(modules.flatMap(({ name, tensors }) => tensorNames(name, tensors)));
  const all = [...reader.source.tensors.keys()];
  const short = modules.flatMap(({ name, tensors }) => {
    const parts = name.split('.');
    const prefixes = parts.map((_, i) => parts.slice(0, i + 1).join('.'));
    const own = (prefix: string) => all.every((one) => !covers(prefix, one) || others.has(one));
    const prefix = prefixes.find(own);
    return prefix === undefined ? tensorNames(name, tensors) : [prefix];
  });
  return [...new Set(short)];
}

const tensorNames = (name: string, tensors: ReadonlyMap<string, Tensor>): readonly string[] =>
  [...tensors.keys()].map((part) => (part === '' ? name : inModule(name, part)));
