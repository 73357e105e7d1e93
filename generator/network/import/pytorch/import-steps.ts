import type { FloatLayer, FloatOutput } from '../../float/model.js';
import type { SafetensorsFile } from '../../formats/safetensors.js';
import { copyNote } from '../both-directions.js';
import { denseLayer, type Product } from '../dense.js';
import { foldBefore, foldBehind, type Scaling } from '../fold.js';
import type { Imported, ImportOptions, Merging } from '../imported.js';
import { LayerRow } from '../layer-row.js';
import type { Beside } from './beside.js';
import { recurrentNames } from './choose.js';
import { computed } from './computed.js';
import { outputOn, rowOf } from './directions.js';
import { readLayer, type TorchLayer } from './layer.js';
import { inModule } from './modules.js';
import { readNorm } from './norm.js';
import type { Step, StepEffect } from './step.js';
import { byNumber, shapeText, TensorReader } from './tensors.js';

/** A fully connected layer that what follows may still be a part of. */
interface Open {
  readonly module: string;
  readonly product: Product;
  readonly function: { readonly name: string; readonly effect: StepEffect } | null;
}

/**
 * Whether hardware has steps in this order: each function has sums of its own before it, one that makes probabilities is the
 * last, and frames lose none of them before the last recurrent layer. Directions are merged, and final states read, right behind
 * a recurrent layer. A norm of features stands beside recurrent layers on other axes, which are not followed.
 */
export function hasSteps(steps: readonly Step[]): boolean {
  const kinds = steps.map(({ is }) => is);
  const recurrent = kinds.lastIndexOf('recurrent');
  if (recurrent < 0 ? !kinds.includes('linear') : kinds.includes('norm')) return false;
  let open = false;
  return steps.every((step, i) => {
    const before = open;
    if (step.is !== 'last') open = step.is === 'linear' || (step.is === 'norm' && open);
    if (step.is === 'merge') return steps[i - 1]?.is === 'recurrent';
    if (step.is === 'last') return i > recurrent && (!step.final || isOnRecurrent(steps, i));
    if (step.is !== 'function') return true;
    return before && (step.effect.is !== 'probabilities' || isEnd(steps, i));
  });
}

/** Whether what a step reads is of the recurrent layer, both directions side by side or merged. */
const isOnRecurrent = (steps: readonly Step[], i: number): boolean => {
  const at = steps[i - 1]?.is === 'merge' ? i - 2 : i - 1;
  return steps[at]?.is === 'recurrent';
};

const isEnd = (steps: readonly Step[], i: number): boolean =>
  steps.slice(i + 1).every(({ is }) => is === 'last');

const isFinal = ({ is }: StepEffect): boolean => is === 'probabilities' || is === 'sigmoid';

/**
 * Reads a network whose file shows the way from the frames to the outputs: recurrent and fully connected layers in a row, each
 * of the latter with a function or none.
 * @throws UserError as the readers of layers
 */
export function importSteps(
  file: SafetensorsFile,
  steps: readonly Step[],
  beside: Beside,
  name: string,
  options: Pick<ImportOptions, 'nonlinearity'>,
): Imported {
  const { source, parts } = computed(file, name);
  const reader = new TensorReader(source, name);
  const builder = new StepBuilder(reader, beside, options, name);
  steps.forEach((step, i) => {
    builder.take(step, steps.slice(i + 1));
  });
  const { layers, output, final, notes } = builder.end();
  const used = new Set([...reader.taken].flatMap((one) => parts.get(one)?.from ?? [one]));
  const left = [...file.tensors].filter(([tensor]) => !used.has(tensor));
  const last = steps.some(({ is }) => is === 'last');
  return {
    format: beside.format,
    model: { layers, output },
    taken: [...file.tensors.keys()].filter((tensor) => used.has(tensor)),
    leftOut: [
      ...left
        .map(([tensor, value]) => ({ name: tensor, what: shapeText(value) }))
        .sort((a, b) => byNumber(a.name, b.name))
        .map((one) => ({ ...one, kind: 'tensor' as const })),
      ...beside.harmless.map((one) => ({ ...one, kind: 'node' as const })),
    ],
    lastFrame: last,
    notes: [
      ...beside.notes,
      `the file shows the way from the frames to the outputs: ${shown(steps)}`,
      ...notes,
      ...(final === null
        ? []
        : [`${final} at the end is left out: the largest output stays the largest`]),
      ...(last ? ['the file computes the last frame only, the hardware every frame'] : []),
      ...(left.length === 0 ? [] : ['tensors listed above are not on this way']),
    ],
  };
}

const shown = (steps: readonly Step[]): string =>
  steps
    .flatMap((step) => {
      if (step.is === 'last') return step.final ? ['final states'] : [];
      if (step.is === 'merge') return [MERGED[step.merging]];
      return [step.is === 'function' ? step.name : step.module || '(the whole)'];
    })
    .join(', ');

const MERGED: Readonly<Record<Exclude<Merging, 'concat'>, string>> = {
  sum: 'sum of both directions',
  ave: 'mean of both directions',
  forward: 'forward direction',
  backward: 'backward direction',
};

class StepBuilder {
  readonly #row = new LayerRow();
  readonly #notes: string[] = [];
  #open: Open | null = null;
  #waiting: { readonly module: string; readonly eps: number | undefined }[] = [];

  constructor(
    private readonly reader: TensorReader,
    private readonly beside: Beside,
    private readonly options: Pick<ImportOptions, 'nonlinearity'>,
    private readonly file: string,
  ) {}

  /** `behind`: the steps that follow. */
  take(step: Step, behind: readonly Step[]): void {
    if (step.is === 'recurrent') this.#recurrent(step.module, behind);
    else if (step.is === 'linear') this.#linear(step.module);
    else if (step.is === 'norm') this.#norm(step);
    else if (step.is === 'function') this.#function(step);
  }

  end(): {
    readonly layers: readonly FloatLayer[];
    readonly output: FloatOutput | null;
    readonly final: string | null;
    readonly notes: readonly string[];
  } {
    const { reader } = this;
    const [waiting] = this.#waiting;
    if (waiting !== undefined) {
      const expected = 'a fully connected layer behind it';
      throw reader.fail('NORM_UNSUPPORTED', waiting.module, expected, 'a norm as the output');
    }
    const last = this.#open;
    const hasLayers = this.#row.layers.length > 0;
    const own = last?.function ?? null;
    let output: FloatOutput | null = null;
    const sums = last !== null && (own === null || isFinal(own.effect));
    if (sums && hasLayers) {
      output = outputOn(last.product, this.#row.reading(last.product.weights, 0));
    } else if (sums) this.#row.add([[denseLayer(last.product, { is: 'nothing' })]]);
    else this.#close();
    const final = sums && own !== null ? own.name : null;
    const copy = output === null ? this.#row.end() : null;
    if (copy !== null) this.#notes.push(copyNote(copy));
    return { layers: this.#row.layers, output, final, notes: this.#notes };
  }

  #recurrent(module: string, behind: readonly Step[]): void {
    this.#close();
    const { reader } = this;
    const names = recurrentNames(reader.source, new Map([['lstm', module]]), reader, this.file);
    const said = { file: this.beside, user: this.options.nonlinearity };
    const [merge, next] = behind;
    const after = merge?.is === 'merge' ? next : merge;
    for (let l = 0; l < names.layers; l++) {
      const torch: TorchLayer = readLayer(reader, names, l, this.#row.width ?? undefined, said);
      const top = l === names.layers - 1;
      const merging = top && torch.backward && merge?.is === 'merge' ? merge.merging : 'concat';
      const final = top && after?.is === 'last' && after.final === true;
      this.#row.add(...rowOf({ torch, merging, final }));
      this.#notes.push(...torch.notes);
    }
  }

  #linear(module: string): void {
    this.#close();
    const { reader } = this;
    const name = (part: string) => inModule(module, part);
    const [outputs, columns] = reader.matrix(name('weight'));
    const inputs = this.#row.width ?? columns;
    let own: Pick<Product, 'weights' | 'bias'> = {
      weights: reader.weights(name('weight'), [outputs, inputs]),
      bias: reader.has(name('bias'))
        ? reader.read(name('bias'), [outputs])
        : { name: name('bias'), values: new Float64Array(outputs) },
    };
    for (const norm of this.#waiting.reverse()) {
      own = foldBefore(this.#scaling(norm, inputs, module), own.weights, own.bias);
    }
    this.#waiting = [];
    this.#open = { module, product: { inputs, outputs, ...own }, function: null };
  }

  #norm(norm: { readonly module: string; readonly eps: number | undefined }): void {
    const open = this.#open;
    if (open === null || open.function !== null) {
      this.#waiting.push(norm);
      return;
    }
    const { product } = open;
    const scaling = this.#scaling(norm, product.outputs, open.module);
    const folded = foldBehind(scaling, product.weights, product.bias);
    this.#open = { ...open, product: { ...product, ...folded } };
  }

  #scaling(
    { module, eps }: { readonly module: string; readonly eps: number | undefined },
    size: number,
    into: string,
  ): Scaling {
    const norm = readNorm(this.reader, module, size, into, new Map(), eps);
    this.#notes.push(norm.note);
    return norm;
  }

  #function({ name, effect }: Extract<Step, { is: 'function' }>): void {
    if (effect.is === 'nothing' || this.#open === null) return;
    this.#open = { ...this.#open, function: { name, effect } };
  }

  /** The layer is whole: what follows is no part of it. */
  #close(): void {
    if (this.#open === null) return;
    const { product, function: own } = this.#open;
    const effect = own?.effect ?? { is: 'nothing' };
    if (effect.is === 'probabilities') return;
    this.#row.add([[denseLayer(product, effect)]]);
    this.#open = null;
  }
}
