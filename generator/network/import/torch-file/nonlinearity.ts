import { NONLINEARITIES, type Nonlinearity } from '../imported.js';
import type { TorchModule } from './modules.js';

/** Attributes by which torch's own classes choose their function. */
const CHOSEN_BY: ReadonlyMap<string, string> = new Map([
  ['torch.nn.modules.rnn.RNN', 'mode'],
  ['torch.nn.modules.rnn.RNNCell', 'nonlinearity'],
]);

/**
 * What a torch.nn.RNN or RNNCell does with its sums, as its attributes say, or, in TorchScript, the constants or else the
 * operators of its class in the code of the file. Undefined for other classes, and where nothing says it.
 */
export function nonlinearityOf(
  { type, written, attributes }: TorchModule,
  code: ReadonlyMap<string, string> | null,
): Nonlinearity | undefined {
  const attribute = CHOSEN_BY.get(type);
  if (attribute === undefined) return undefined;
  const own = attributes.get(attribute);
  if (typeof own === 'string') return named(own);
  const text = classText(written, code);
  const constant = new RegExp(`\\b${attribute} : Final\\[str\\] = "(\\w+)"`).exec(text)?.[1];
  if (constant !== undefined) return named(constant);
  const called = [...text.matchAll(/\btorch\.rnn_(tanh|relu)(?:_cell)?\(/g)].map(([, one]) => one);
  const [first] = called;
  return called.every((one) => one === first) ? named(first ?? '') : undefined;
}

/** `RNN_TANH` or `tanh`. */
function named(text: string): Nonlinearity | undefined {
  const word = text.replace(/^RNN_/, '').toLowerCase();
  return NONLINEARITIES.find((one) => one === word);
}

/** The text of a class that TorchScript calls `__torch__.a.b.C`: it is in `code/__torch__/a/b.py`. */
export function classText(written: string, code: ReadonlyMap<string, string> | null): string {
  const parts = written.split('.');
  const name = parts.pop();
  const text = code?.get(`code/${parts.join('/')}.py`) ?? '';
  const start = text.indexOf(`class ${name}(Module):`);
  if (start < 0) return '';
  const end = text.indexOf('\nclass ', start);
  return text.slice(start, end < 0 ? undefined : end);
}
