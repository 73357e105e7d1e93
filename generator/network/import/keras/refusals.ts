import { kerasError } from './errors.js';
import type { KerasLayer } from './layer.js';
import type { Path } from './path.js';

const DENSE =
  'dense layers, each with relu, relu6, tanh, sigmoid, hard sigmoid or nothing behind it, batch norm and dropout';

/** What is said of layers that have no place in a chain. */
export class Refusals {
  constructor(
    private readonly path: Path,
    private readonly file: string,
  ) {}

  /** A layer, as `got` says it; `before`: what it stands behind. */
  of(layer: KerasLayer, got: string, before: string | null): Error {
    const { path } = this;
    if (path.before.includes(layer)) return this.#before(layer, got);
    const whole = before === null ? got : `${got} ${before}`;
    if (path.core.includes(layer) && path.recurrent) {
      const below = path.core[0]?.name;
      const expected = `nothing between recurrent layers but ${DENSE} (or --map lstm=${below} --map fc=none takes the lower layers alone)`;
      return this.#fail('LSTM_BETWEEN', layer, expected, whole);
    }
    return this.#output(layer, `nothing but ${DENSE}, then softmax at most`, whole);
  }

  /** A norm with nothing behind it that it can go into. */
  open(layer: KerasLayer): Error {
    return this.#output(layer, 'a dense layer behind it', `${layer.className} as the output`);
  }

  behindFinal(layer: KerasLayer, final: string): Error {
    return this.#output(layer, `nothing behind ${final}`, `${layer.className} behind it`);
  }

  chain(layer: KerasLayer, expected: string, got: string): Error {
    return this.#fail('LSTM_CHAIN', layer, expected, got);
  }

  #before(layer: KerasLayer, got: string): Error {
    const first = this.path.recurrent ? 'recurrent' : 'dense';
    const expected = `frames recorded behind ${layer.name}, and --map frames=${layer.name}, which says so`;
    const mask =
      layer.className === 'Masking'
        ? ', for which there is no hardware: give frames without masked ones'
        : '';
    const whole = `${got} before the first ${first} layer${mask}`;
    return this.#fail('FRAMES_UNSETTLED', layer, expected, whole);
  }

  #output(layer: KerasLayer, expected: string, got: string): Error {
    const cut = this.path.recurrent ? 'fc=none' : 'fc=NAME and a dense layer before it';
    const later = `there is no hardware for it yet; leave out all that follows by --map ${cut}`;
    return this.#fail('OUTPUT_NOT_TAKEN', layer, `${expected} (${later})`, got);
  }

  #fail(code: string, { name }: KerasLayer, expected: string, got: string): Error {
    return kerasError(this.file, code, name, expected, got);
  }
}
