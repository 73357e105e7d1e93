import type { FloatLayer, FloatOutput } from '../../float/model.js';
import type { TableFunctions } from '../../table-functions.js';
import { copyNote } from '../both-directions.js';
import { denseLayer, type Product } from '../dense.js';
import { foldBefore, foldBehind } from '../fold.js';
import { type FunctionUse, networkFunctions } from '../functions.js';
import { LayerRow } from '../layer-row.js';
import { readAffine } from './affine.js';
import { readRecurrentLayer } from './bidirectional.js';
import { readDense } from './dense.js';
import { type Flow, reshaped } from './flow.js';
import { functionOf, type KerasFunction } from './function.js';
import { kindOf } from './kinds.js';
import type { KerasLayer } from './layer.js';
import { isOrdered, type Opening, openingOf } from './opening.js';
import { layerText } from './parts.js';
import type { Path } from './path.js';
import { Refusals } from './refusals.js';
import type { Weights } from './weights.js';

/** The layers of a path as they become hardware. */
export interface Chain {
  readonly layers: readonly FloatLayer[];
  readonly output: FloatOutput | null;
  /** What gates and layers go through, where that is not sigmoid and tanh. */
  readonly functions: TableFunctions | undefined;
  /** The dense layer whose sums are the outputs; null where a function of the hardware is behind them, or h is the output. */
  readonly dense: KerasLayer | null;
  /** The function behind the last sums, which the hardware leaves out. */
  readonly final: { readonly layer: KerasLayer; readonly name: string } | null;
  /** The layer that gives the outputs of the file, before a function that is left out. */
  readonly end: KerasLayer;
  /** The first layer that reads frames. */
  readonly reader: KerasLayer;
  readonly folded: readonly { readonly layer: KerasLayer; readonly into: string }[];
  readonly notes: readonly string[];
  readonly opening: Opening;
  /** The axes of outputs. */
  readonly flow: Flow;
  readonly timeMajor: boolean;
}

/** A dense layer, of which what follows may still be a part. */
interface Open {
  readonly layer: KerasLayer;
  readonly product: Product;
  readonly function: (KerasFunction & { readonly layer: KerasLayer }) | null;
}

/**
 * Reads recurrent and dense layers in a row, each dense one with the function behind it. `version` is that of Keras.
 * @throws UserError FRAMES_UNSETTLED for a layer before the first one that has no place in it, LSTM_BETWEEN for one between two,
 * OUTPUT_NOT_TAKEN for one behind the last recurrent layer, LSTM_CHAIN where sizes or frames do not fit, or as the readers
 * of layers
 */
export function readChain(
  path: Path,
  weights: Weights,
  version: string | null,
  file: string,
): Chain {
  const reader = new ChainReader(path, weights, version, file);
  for (const layer of [...path.before, ...path.core, ...path.behind]) reader.take(layer);
  return reader.end();
}

class ChainReader {
  readonly #row = new LayerRow();
  readonly #uses: FunctionUse[] = [];
  readonly #folded: { layer: KerasLayer; into: string }[] = [];
  readonly #notes: string[] = [];
  readonly #opening: Opening;
  readonly #refusals: Refusals;
  #flow: Flow;
  #open: Open | null = null;
  /** Norms before the next product, and the axes of what they read. */
  #waiting: { readonly layer: KerasLayer; readonly rank: number }[] = [];
  #timeMajor: boolean | null = null;
  #reader: KerasLayer | null = null;
  /** The last recurrent layer so far. */
  #below: KerasLayer | null = null;
  #end: KerasLayer | null = null;

  constructor(
    private readonly path: Path,
    private readonly weights: Weights,
    private readonly version: string | null,
    private readonly file: string,
  ) {
    this.#refusals = new Refusals(path, file);
    const odd = path.before.find((layer) => ['other', 'recurrent'].includes(kindOf(layer)));
    if (odd !== undefined) throw this.#refusals.of(odd, layerText(odd), null);
    this.#opening = openingOf(path, file);
    this.#flow = this.#opening.flow;
  }

  take(layer: KerasLayer): void {
    const kind = kindOf(layer);
    if (kind === 'same') return;
    if (kind === 'activation') this.#function(layer);
    else if (kind === 'layer' && !this.path.behind.includes(layer)) this.#recurrent(layer);
    else if (kind === 'dense') this.#dense(layer);
    else if (kind === 'affine') this.#affine(layer);
    else if (kind === 'reshape') this.#reshape(layer);
    else throw this.#refusals.of(layer, layerText(layer), this.#before());
  }

  end(): Chain {
    const [waiting] = this.#waiting;
    if (waiting !== undefined) throw this.#refusals.open(waiting.layer);
    let output: FloatOutput | null = null;
    const last = this.#open;
    const effect = last?.function?.effect.is;
    const sums = last !== null && effect !== 'range' && effect !== 'tanh';
    if (sums && this.#row.width !== null) {
      const { x, ...reading } = this.#row.reading(last.product.weights, last.product.inputs);
      output = { ...last.product, ...reading, weights: x };
    } else if (sums) this.#row.add([[denseLayer(last.product, { is: 'nothing' })]]);
    else this.#close(null);
    const copy = output === null ? this.#row.end() : null;
    if (copy !== null) this.#notes.push(copyNote(copy));
    return {
      layers: this.#row.layers,
      output,
      functions: networkFunctions(this.#uses, this.file),
      dense: sums ? last.layer : null,
      final: (sums && last.function) || null,
      end: this.#end as KerasLayer,
      reader: this.#reader as KerasLayer,
      folded: this.#folded,
      notes: this.#notes,
      opening: this.#opening,
      flow: this.#flow,
      timeMajor: this.#timeMajor ?? false,
    };
  }

  #recurrent(layer: KerasLayer): void {
    this.#close(layer);
    if (this.#row.width !== null && (this.#flow.rank !== 3 || this.#flow.last)) {
      const expected = 'return_sequences true, so that the next layer reads every frame';
      const below = this.#below ?? layer;
      throw this.#refusals.chain(below, expected, 'h of the last frame alone');
    }
    const { weights, version, file } = this;
    const own = readRecurrentLayer(layer, { weights, version, file });
    if (this.#timeMajor !== null && this.#timeMajor !== own.timeMajor) {
      const expected = `time_major ${this.#timeMajor}, as below it`;
      throw this.#refusals.chain(layer, expected, `${own.timeMajor}`);
    }
    this.#timeMajor = own.timeMajor;
    const chains = own.directions.map((direction) => {
      let inputs = this.#width();
      return direction.map(({ layer: one, functions }, i) => {
        if (one.inputs !== (inputs ?? one.inputs)) {
          throw this.#refusals.chain(layer, `${inputs} inputs`, `${one.inputs}`);
        }
        inputs = one.cells;
        this.#uses.push({ name: layer.name, cell: one.cell, functions });
        if (i > 0) return one;
        const { weights: x, bias } = this.#scaled(one.inputs, one.x, one.bias);
        return { ...one, x, bias };
      });
    });
    this.#scaledWhole(layer);
    this.#row.add(chains, own.merge);
    this.#notes.push(...own.notes);
    if (!own.everyFrame) this.#flow = { rank: 2, frames: 1, last: true };
    this.#reader ??= layer;
    this.#below = layer;
    this.#end = layer;
  }

  #dense(layer: KerasLayer): void {
    this.#close(layer);
    const read = readDense(layer, this.#width(), this.weights, this.file);
    const scaled = this.#scaled(read.inputs, read.weights, read.bias);
    this.#scaledWhole(layer);
    this.#open = { layer, product: { ...read, ...scaled }, function: null };
    this.#reader ??= layer;
    this.#end = layer;
    this.#function(layer);
  }

  /** The function of a dense layer, or a layer that is one. */
  #function(layer: KerasLayer): void {
    const own = functionOf(layer, this.version, this.file);
    if (own.effect.is === 'nothing') return;
    const before = this.#before();
    if (this.#open === null || this.#open.function !== null || this.#waiting.length > 0) {
      throw this.#refusals.of(layer, own.name, before);
    }
    if (own.effect.is === 'unknown') throw this.#refusals.of(layer, own.name, before);
    this.#open = { ...this.#open, function: { ...own, layer } };
    const { effect } = own;
    if (effect.is === 'range' || effect.is === 'tanh') this.#end = layer;
  }

  /** Into the sums before it, else into the product behind it. */
  #affine(layer: KerasLayer): void {
    const { rank } = this.#flow;
    if (this.#open === null || this.#open.function !== null || this.#waiting.length > 0) {
      this.#refuseBehindFinal(layer);
      this.#waiting.push({ layer, rank });
      return;
    }
    const { product } = this.#open;
    const scaling = readAffine(layer, product.outputs, rank, this.weights, this.file);
    const folded = foldBehind(scaling, product.weights, product.bias);
    this.#open = { ...this.#open, product: { ...product, ...folded } };
    this.#folded.push({ layer, into: this.#open.layer.name });
  }

  #reshape(layer: KerasLayer): void {
    const width = this.#open?.product.outputs ?? this.#row.width ?? undefined;
    const { shapedBy, flow } = this.#opening;
    if (width === undefined) {
      const first = layer === shapedBy && isOrdered(layer, flow) && this.#waiting.length === 0;
      if (!first) throw this.#refusals.of(layer, layerText(layer), null);
      return;
    }
    const next = reshaped(layer, this.#flow, width, this.file);
    // where every vector is a frame, none is the last one
    this.#flow = flow.rank === 2 ? { ...next, last: false } : next;
  }

  /** The dense layer is whole: what follows is no part of it. */
  #close(next: KerasLayer | null): void {
    if (this.#open === null) return;
    if (next !== null) this.#refuseBehindFinal(next);
    const { product, function: own, layer } = this.#open;
    const effect = own?.effect ?? { is: 'nothing' };
    if (effect.is === 'probabilities' || effect.is === 'unknown') return;
    const dense = denseLayer(product, effect);
    this.#row.add([[dense]]);
    this.#uses.push({ name: layer.name, cell: dense.cell });
    if (effect.is === 'range' && effect.beta !== 0) {
      const slope = effect.alpha === 0.2 ? 'x / 5' : 'x / 6';
      this.#notes.push(
        `hard sigmoid behind ${layer.name} is that of Keras ${this.version}: ${slope} + 1/2 within 0 and 1`,
      );
    }
    this.#open = null;
  }

  #refuseBehindFinal(layer: KerasLayer): void {
    const own = this.#open?.function;
    if (own?.effect.is === 'probabilities') throw this.#refusals.behindFinal(layer, own.name);
  }

  /** Values that the next layer reads, where they are known. */
  #width(): number | null {
    return this.#row.width ?? this.#opening.features;
  }

  /** The matrices of a layer with the norms before it, the one right before it first. */
  #scaled(
    size: number,
    weights: FloatLayer['x'],
    bias: FloatLayer['bias'],
  ): ReturnType<typeof foldBefore> {
    let own: ReturnType<typeof foldBefore> = { weights, bias };
    for (const { layer: norm, rank } of this.#waiting.toReversed()) {
      const scaling = readAffine(norm, size, rank, this.weights, this.file);
      own = foldBefore(scaling, own.weights, own.bias);
    }
    return own;
  }

  /** The norms before a layer have gone into all its matrices. */
  #scaledWhole(layer: KerasLayer): void {
    for (const { layer: norm } of this.#waiting.toReversed()) {
      this.#folded.push({ layer: norm, into: layer.name });
    }
    this.#waiting = [];
  }

  /** What stands before the next layer, in words. */
  #before(): string | null {
    const [norm] = this.#waiting;
    if (norm !== undefined) return `behind ${norm.layer.name}`;
    const open = this.#open;
    if (open !== null) {
      return `behind ${open.function === null ? open.layer.name : `${open.function.name} of ${open.layer.name}`}`;
    }
    return this.#below === null ? null : `on h of ${this.#below.name}`;
  }
}
