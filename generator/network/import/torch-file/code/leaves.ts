import { clamp } from '../../dense.js';
import type { Step, StepEffect } from '../../pytorch/step.js';
import type { TorchModule } from '../modules.js';

/** What a module of torch is by its class; null where its code has to say it. */
export type Leaf = Step | 'idle' | 'recurrent' | 'sequence' | null;

const IDLE = /^torch\.nn\.modules\.(dropout\.\w+|linear\.Identity)$/;
const EFFECTS: Readonly<Record<string, StepEffect>> = {
  ReLU: clamp(0, Number.POSITIVE_INFINITY),
  ReLU6: clamp(0, 6),
  Tanh: { is: 'tanh' },
  Sigmoid: { is: 'sigmoid' },
  Hardsigmoid: clamp(0, 1, 1 / 6, 0.5),
};

/** `text` is the code of the class in a TorchScript file, or empty. */
export function leafOf(module: TorchModule, text: string): Leaf {
  const { name, type, attributes } = module;
  if (IDLE.test(type)) return 'idle';
  if (type === 'torch.nn.modules.container.Sequential') return 'sequence';
  if (type === 'torch.nn.modules.linear.Linear') return { is: 'linear', module: name };
  if (/^torch\.nn\.modules\.rnn\.(LSTM|GRU|RNN)$/.test(type)) return 'recurrent';
  if (type === 'torch.nn.modules.batchnorm.BatchNorm1d') {
    const eps = attributes.get('eps');
    return { is: 'norm', module: name, eps: typeof eps === 'number' ? eps : epsIn(text) };
  }
  const [, own] = /^torch\.nn\.modules\.activation\.(\w+)$/.exec(type) ?? [];
  const effect = own === undefined ? null : effectOf(own, attributes);
  return effect === null || own === undefined ? null : { is: 'function', name: own, effect };
}

function effectOf(type: string, attributes: TorchModule['attributes']): StepEffect | null {
  if (Object.hasOwn(EFFECTS, type)) return EFFECTS[type] ?? null;
  if (type === 'Hardtanh') {
    const [low, high] = [attributes.get('min_val'), attributes.get('max_val')];
    const known = typeof low === 'number' && typeof high === 'number' && low < high;
    return known ? clamp(low, high) : null;
  }
  const probable = type === 'Softmax' || type === 'LogSoftmax';
  return probable && attributes.get('dim') === -1 ? { is: 'probabilities' } : null;
}

/** eps of a batch norm, a constant of its class or an argument of the operator. */
function epsIn(text: string): number | undefined {
  const scripted = /\beps : Final\[float\] = ([\d.e+-]+)/.exec(text)?.[1];
  const traced = /torch\.batch_norm\([^\n]{0,999}, ([\d.e+-]+), (?:True|False)\)/.exec(text)?.[1];
  const eps = scripted ?? traced;
  return eps === undefined ? undefined : Number(eps);
}
