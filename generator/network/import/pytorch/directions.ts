import type { FloatOutput } from '../../float/model.js';
import type { ImportOptions, Merging } from '../imported.js';
import { type LayerRow, unaligned } from '../layer-row.js';
import {
  directionsOf,
  type TorchDirection,
  type TorchLayer,
  valuesOf,
  valuesOfLayer,
} from './layer.js';
import type { LayerNames } from './layer-names.js';
import type { TensorReader } from './tensors.js';

/** What the user says of layers with two directions, where tensors do not show it. */
export class SaidOfDirections {
  #asked: readonly ('merge' | 'backward')[] = [];

  constructor(
    private readonly options: Pick<ImportOptions, 'merge' | 'backward'>,
    private readonly reader: TensorReader,
    /** The file has code, which was not followed. */
    private readonly hasCode: boolean,
  ) {}

  /** The options that have settled something. */
  get asked(): readonly ('merge' | 'backward')[] {
    return this.#asked;
  }

  /**
   * How a matrix of so many columns reads a layer: as many values as both directions give are them side by side, as many as one
   * gives anything that the user says. `field` names the matrix.
   * @throws UserError DIRECTIONS where nobody says it
   */
  mergeFor(below: TorchLayer | undefined, columns: number, field: string): Merging {
    const ofOne = below?.backward ? valuesOf(below) : columns + 1;
    if (below === undefined || columns !== ofOne || columns === valuesOfLayer(below)) {
      return 'concat';
    }
    const { merge } = this.options;
    if (merge === undefined || merge === 'concat') {
      const expected = `${valuesOfLayer(below)} columns for both directions side by side; or --merge sum or --merge ave for their sum or mean, --merge forward or --merge backward for one of them`;
      const got = `${columns} columns on a bidirectional layer of 2 x ${ofOne} values, and tensors do not show what is read`;
      throw this.reader.fail('DIRECTIONS', field, expected, got);
    }
    this.#ask('merge');
    return merge;
  }

  /** What the outputs are of the last layer where nothing reads it. */
  mergeAtEnd(last: TorchLayer): Merging {
    const { merge = 'concat' } = this.options;
    if (last.backward !== null) this.#ask('merge');
    return merge;
  }

  /**
   * Whether the backward direction of the last layer has its final state beside the last frame, and what to say of it.
   * @throws UserError DIRECTIONS where code that was not followed has the answer
   */
  isFinal(
    last: TorchLayer,
    merging: Merging,
    field: string,
  ): readonly [boolean, readonly string[]] {
    if (last.backward === null || merging === 'forward') return [false, []];
    const { backward } = this.options;
    this.#ask('backward');
    const of = `the backward direction of ${field}`;
    if (backward === undefined && this.hasCode) {
      const expected =
        '--backward aligned where what is read of the last frame is that of out[:, -1], or every frame is; --backward final where it is h_n';
      const got = 'a bidirectional layer, and code in the file that is not followed';
      throw this.reader.fail('DIRECTIONS', field, expected, got);
    }
    if (backward === 'final') {
      const note = `outputs are those of the last frame alone: ${of} stands there with what it makes of the first frame (h_n), as --backward final says`;
      return [true, [note]];
    }
    const why = backward === undefined ? '' : ', as --backward aligned says';
    const other =
      backward === undefined
        ? '; --backward final has what it makes of the first one beside the last one, as h_n has it'
        : '';
    return [false, [`${of} stands at each frame with what it makes of it${why}${other}`]];
  }

  #ask(what: 'merge' | 'backward'): void {
    if (!this.#asked.includes(what)) this.#asked = [...this.#asked, what];
  }
}

/** What of a layer is read: `merging` says how; a direction that nothing reads is no part of the hardware. */
export interface ReadLayer {
  readonly torch: TorchLayer;
  readonly merging: Merging;
  /** Its backward direction has its final state beside the last frame. */
  readonly final: boolean;
}

/** The directions of a layer that are read. */
function readDirections({ torch, merging }: ReadLayer): readonly TorchDirection[] {
  const [forward, backward] = directionsOf(torch) as [TorchDirection, TorchDirection | undefined];
  if (backward === undefined || merging === 'forward') return [forward];
  return merging === 'backward' ? [backward] : [forward, backward];
}

const KINDS = ['weight_ih', 'weight_hh', 'weight_hr', 'bias_ih', 'bias_hh'];

/** Names of the tensors of directions that nothing reads. */
export function unreadTensors(reads: readonly ReadLayer[], names: LayerNames): ReadonlySet<string> {
  const unread = reads.flatMap((read, l) => {
    const reverse = !readDirections(read).some((one) => one.layer.direction === 'backward');
    if (readDirections(read).length === directionsOf(read.torch).length) return [];
    return KINDS.map((kind) => names.nameOf(kind, l, reverse));
  });
  return new Set(unread);
}

/** A sentence about each layer of which `--merge` says what is read. */
export function mergeNotes(reads: readonly ReadLayer[], names: LayerNames): readonly string[] {
  return reads.flatMap(({ torch, merging }, l) => {
    if (torch.backward === null || merging === 'concat') return [];
    const layer = `both directions of layer ${l}, ${names.moduleOf(l)?.name || '(no prefix)'}`;
    const said = `as --merge ${merging} says`;
    if (merging === 'sum') return [`the sum of ${layer}, is read, ${said}`];
    if (merging === 'ave') return [`the mean of ${layer}, is read, ${said}`];
    return [`of ${layer}, the ${merging} one is read alone, ${said}: the other is no hardware`];
  });
}

/** The output layer on what it reads. */
export function outputOn(
  output: FloatOutput,
  { x, ...reading }: ReturnType<LayerRow['reading']>,
): FloatOutput {
  return { ...output, ...reading, weights: x };
}

/** The directions of a layer that are read, each with its projection behind it, and how the next layer reads them. */
export function rowOf(read: ReadLayer): Parameters<LayerRow['add']> {
  const { merging, final } = read;
  const directions = readDirections(read).map(({ layer, projection }) => {
    const chain = projection === null ? [layer] : [layer, projection];
    return final && layer.direction === 'backward' ? unaligned(chain) : chain;
  });
  return [directions, merging === 'sum' || merging === 'ave' ? merging : 'concat'];
}
