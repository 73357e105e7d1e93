import { kerasError } from './errors.js';
import { fieldOf, type Json, jsonText } from './json.js';
import type { KerasLayer } from './layer.js';

/** Options of all layers that change no value of a trained network. */
const COMMON =
  /^(name|trainable|dtype|batch_input_shape|batch_shape|input_shape|input_dtype|sparse|ragged|input_dim|input_length|autocast|activity_regularizer|weights|build_config)$/;
/** How weights were made and kept in bounds while the network was trained. */
const TRAINING =
  /^((\w+_)?(initializer|regularizer|constraint)|init|inner_init|forget_bias_init|unit_forget_bias|dropout|recurrent_dropout|dropout_[WU]|noise_shape|seed|momentum|(beta|gamma)_init|lora_alpha)$/;

/** The options of one layer, which are all accounted for: what is not read and not known to change nothing is refused. */
export class Options {
  readonly #read = new Set<string>();

  constructor(
    readonly layer: KerasLayer,
    private readonly file: string,
  ) {}

  /** The value under the first of these names that is there: versions of Keras have several for one thing. */
  get(...names: readonly string[]): Json | undefined {
    for (const name of names) this.#read.add(name);
    const found = names.find((name) => fieldOf(this.layer.config, name) !== undefined);
    return found === undefined ? undefined : fieldOf(this.layer.config, found);
  }

  /** @throws UserError KERAS_CONFIG where it is something else. */
  flag(otherwise: boolean, ...names: readonly string[]): boolean {
    const value = this.get(...names) ?? otherwise;
    if (typeof value === 'boolean') return value;
    throw this.fail('KERAS_CONFIG', names[0] as string, 'true or false', jsonText(value));
  }

  /** @throws UserError KERAS_CONFIG where it is something else. */
  number(otherwise: number | undefined, ...names: readonly string[]): number {
    const value = this.get(...names) ?? otherwise;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw this.fail('KERAS_CONFIG', names[0] as string, 'a number', jsonText(value));
  }

  /** The name of a function of Keras itself; null where there is none. A function of one's own is shown as it is. */
  activation(...names: readonly string[]): string | null | undefined {
    const value = this.get(...names);
    // Keras writes its own functions as names, and others as objects, even where they have the same name
    if (value === undefined || value === null || typeof value === 'string') return value;
    return jsonText(value);
  }

  /** Counts options as known that change nothing. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#read.add(name);
  }

  /** @throws UserError KERAS_OPTION for an option that was not read and is not known; one that is null says nothing. */
  finish(): void {
    for (const [name, value] of Object.entries(this.layer.config)) {
      const known = this.#read.has(name) || COMMON.test(name) || TRAINING.test(name);
      if (known || value === null) continue;
      const expected = `options of ${this.layer.className} that are known`;
      throw this.fail('KERAS_OPTION', name, expected, jsonText(value));
    }
    const dtype = fieldOf(this.layer.config, 'dtype');
    const policy = fieldOf(dtype, 'class_name') ?? dtype ?? null;
    if (typeof policy === 'string' && /quantiz|int\d/i.test(policy)) {
      throw this.fail('KERAS_OPTION', 'dtype', 'weights in floating point', jsonText(dtype));
    }
  }

  /** An error about an option of the layer. */
  fail(code: string, option: string, expected: string, got: string): Error {
    return kerasError(this.file, code, `${this.layer.name}.${option}`, expected, got);
  }
}
