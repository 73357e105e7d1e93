import type { FloatTensor } from '../../float/model.js';
import type { Hdf5Attribute, Hdf5Dataset, Hdf5File } from '../../formats/hdf5/hdf5.js';
import { MAX_CODES, MAX_SIZE } from '../../limits.js';
import { kerasError } from './errors.js';
import type { KerasLayer } from './layer.js';

/** The weights of a network, found by layer, and which of them were taken. */
export class Weights {
  readonly #taken = new Set<string>();

  /** `root`: the group with the layers of an .h5 file, or null for the layout of model.weights.h5. */
  constructor(
    private readonly source: Hdf5File,
    private readonly root: string | null,
    private readonly file: string,
  ) {}

  /** Paths of the datasets taken so far. */
  get taken(): ReadonlySet<string> {
    return this.#taken;
  }

  /**
   * The datasets of a layer in their order, at `within` its group in model.weights.h5, e.g. `cell`.
   * @throws UserError KERAS_WEIGHTS where the file does not say which they are.
   */
  of({ place, name }: KerasLayer, ...within: readonly string[]): readonly Hdf5Dataset[] {
    const { direction } = place;
    const folders = within.length === 0 ? [''] : within;
    const inside =
      direction === undefined
        ? folders
        : folders.map((one) => `${direction}_layer${one === '' ? '' : `/${one}`}`);
    const found = this.root === null ? this.numbered(place.path, inside) : this.named(place.group);
    if (found === null) {
      throw this.fail('KERAS_WEIGHTS', name, 'a group with its weights', 'none');
    }
    const label = this.root === null ? this.labelOf(place.path) : undefined;
    if (label !== undefined && label !== place.own) {
      throw this.fail('KERAS_WEIGHTS', place.path, `weights of ${place.own}`, `those of ${label}`);
    }
    if (this.root === null) return found;
    const own = place.nested
      ? found.filter(({ path }) => path.split('/').includes(place.own))
      : found;
    return direction === undefined ? own : this.half(own, direction, name);
  }

  /** Of the weights of both directions, the forward one first, those of one. */
  private half(
    both: readonly Hdf5Dataset[],
    direction: 'forward' | 'backward',
    name: string,
  ): readonly Hdf5Dataset[] {
    const middle = both.length / 2;
    const own = direction === 'forward' ? both.slice(0, middle) : both.slice(middle);
    const other = direction === 'forward' ? '/backward_' : '/forward_';
    const odd = both.length % 2 === 1 || own.some(({ path }) => path.includes(other));
    if (!odd) return own;
    const names = both.map(({ path }) => path).join(', ');
    const expected = 'as many weights in each direction, the forward one first';
    throw this.fail('KERAS_WEIGHTS', name, expected, names);
  }

  /** `vars/0`, `vars/1` ... below one of the paths; the group of a layer without weights may be missing. */
  private numbered(path: string, within: readonly string[]): readonly Hdf5Dataset[] | null {
    const { groups, datasets } = this.source;
    // Keras 2.12 has another name for the same
    const bases = [path, path.replaceAll('layers/', '_layer_checkpoint_dependencies/')];
    for (const base of bases) {
      for (const inner of within) {
        const own = `${base}/${inner === '' ? '' : `${inner}/`}vars`;
        if (!groups.has(own)) continue;
        const found: Hdf5Dataset[] = [];
        for (let i = 0; datasets.has(`${own}/${i}`); i++) {
          found.push(datasets.get(`${own}/${i}`) as Hdf5Dataset);
        }
        if (found.length > 0) return found;
      }
    }
    return bases.some((base) => groups.has(base)) ? [] : null;
  }

  private named(group: string): readonly Hdf5Dataset[] | null {
    const own = this.root === '' ? group : `${this.root}/${group}`;
    const attributes = this.source.groups.get(own);
    if (attributes === undefined) return null;
    return textsOf(attributes, 'weight_names').map((name) => {
      const dataset = this.source.datasets.get(`${own}/${name}`);
      if (dataset !== undefined) return dataset;
      throw this.fail('KERAS_WEIGHTS', `${own}/${name}`, 'a dataset', 'none');
    });
  }

  private labelOf(path: string): string | undefined {
    const name = this.source.groups.get(`${path}/vars`)?.name;
    return typeof name === 'string' ? name : undefined;
  }

  /**
   * All values of a dataset of the given shape.
   * @throws UserError TENSOR_DTYPE, TENSOR_SHAPE or TENSOR_NOT_FINITE.
   */
  read({ path, shape, what, read }: Hdf5Dataset, expected: readonly number[]): FloatTensor {
    if (read === null || !/^b?float/.test(what)) {
      throw this.fail('TENSOR_DTYPE', path, 'float16, float32 or float64', what);
    }
    if (shape.join() !== expected.join()) {
      throw this.fail('TENSOR_SHAPE', path, `[${expected.join(', ')}]`, `[${shape.join(', ')}]`);
    }
    const values = read();
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      const got = `${values[bad]} at element ${bad}`;
      throw this.fail('TENSOR_NOT_FINITE', path, 'finite numbers', got);
    }
    this.#taken.add(path);
    return { name: path, values };
  }

  /** Rows and columns of a matrix of sensible size. @throws UserError TENSOR_SHAPE */
  matrix({ path, shape }: Hdf5Dataset): readonly [number, number] {
    const [rows = 0, columns = 0] = shape;
    const fits = shape.length === 2 && rows >= 1 && columns >= 1 && rows <= MAX_SIZE;
    if (!fits || columns > 4 * MAX_SIZE || rows * columns > MAX_CODES) {
      throw this.fail('TENSOR_SHAPE', path, '2 axes of sensible length', `[${shape.join(', ')}]`);
    }
    return [rows, columns];
  }

  /** Counts a dataset as taken that has nothing to say, e.g. how many values a normalisation has seen. */
  take({ path }: Hdf5Dataset): void {
    this.#taken.add(path);
  }

  fail(code: string, field: string, expected: string, got: string): Error {
    return kerasError(this.file, code, field, expected, got);
  }
}

/** A list of names in attributes, which Keras cuts into several where it is long: `layer_names`, or `layer_names0` .... */
export function textsOf(
  attributes: Readonly<Record<string, Hdf5Attribute>>,
  name: string,
): readonly string[] {
  const whole = listOf(attributes, name);
  if (whole.length > 0) return whole;
  const parts: string[] = [];
  for (let i = 0; Object.hasOwn(attributes, `${name}${i}`); i++) {
    parts.push(...listOf(attributes, `${name}${i}`));
  }
  return parts;
}

function listOf(
  attributes: Readonly<Record<string, Hdf5Attribute>>,
  name: string,
): readonly string[] {
  const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  const list = Array.isArray(value) ? value : [value];
  return list.filter((one) => typeof one === 'string');
}
