import { TABLE_SEGMENTS, TABLE_Y0_BITS } from '../../network/arithmetic.js';
import type { Model } from '../../network/model.js';
import { programOf } from '../../network/program.js';
import { packRecord } from '../build/record.js';
import {
  cellTableFields,
  cellTableWidths,
  layerTableFields,
  layerTableWidths,
  levelField,
  shapeFields,
  shapeWidths,
} from '../control/layer-table.js';
import type { PlacedModel, StoreSize } from '../memory/store.js';
import { numbersOf } from '../plan/bounds.js';
import { type Configuration, GATE_COUNT, stepsPerGroup } from '../plan/configuration.js';
import { hRowsOf, levelOf } from '../plan/configure.js';
import { aheadOf } from '../schedule/jobs.js';
import { type MatrixWalk, type PassWalk, sharesSlices } from '../schedule/walk.js';
import { ImageWriter, imageOfWords } from './hex.js';
import { indexBase } from './indices.js';

const flag = (value: boolean): number => (value ? 1 : 0);

/** Values of the layer table word of one layer, by field. */
export function layerRecord(
  c: Configuration,
  walks: readonly PassWalk[],
  walk: PassWalk,
): Readonly<Record<string, number>> {
  const side = (name: 'x' | 'h', matrix: MatrixWalk | null): Record<string, number> => ({
    [`${name}_inner`]: (matrix?.inner ?? 1) - 1,
    [`${name}_source`]: sourceOf(c, walks, walk, name),
    ...lastWord(c, name, matrix),
    ...Object.assign(
      {},
      ...c.levels.map((level, l) => {
        const own = matrix === null ? undefined : levelOf(matrix, l, c.levels.length);
        return {
          [levelField.keep(name, l)]: (own?.keep ?? 1) - 1,
          [levelField.stride(name, l)]: own?.stride ?? 0,
          [levelField.repeat(name, l)]:
            own === undefined ? 2 ** level.repeatBits - 1 : own.repeat - 1,
          [levelField.base(name, l)]:
            own === undefined ? 0 : indexBase(walks, walk, name, l, c.levels.length),
        };
      }),
    ),
  });
  return {
    last: flag(walk === walks.at(-1)),
    waits: flag(walk.waits),
    single: flag(walk.first === null),
    x_first: flag(walk.first === 'x'),
    from_input: flag(walk.index === 0),
    groups: walk.groups - 1,
    ahead: aheadOf(walk, c.sumSlots) - 1,
    ...side('x', walk.x),
    ...side('h', walk.h),
  };
}

/** Last activation word of a matrix, counted from its first one, and which columns of it the matrix has. */
function lastWord(
  { tileColumns }: Configuration,
  name: 'x' | 'h',
  matrix: MatrixWalk | null,
): Record<string, number> {
  const columns = matrix?.matrix.columns ?? tileColumns;
  const last = Math.ceil(columns / tileColumns) - 1;
  return { [`${name}_last`]: last, [`${name}_tail`]: 2 ** (columns - last * tileColumns) - 1 };
}

/** First activation word (of tileColumns) that a side reads, within one buffer. */
function sourceOf(
  c: Configuration,
  walks: readonly PassWalk[],
  walk: PassWalk,
  name: 'x' | 'h',
): number {
  const layer = name === 'h' ? walk.index : walk.index - 1;
  if (layer < 0 || (name === 'h' && walk.h === null)) return 0;
  return (hBase(c, walks, layer) * Math.max(c.cellLanes, c.tileColumns)) / c.tileColumns;
}

/** First row of a layer in the h memory, in rows of max(cell lanes, tile columns). */
export function hBase(c: Configuration, walks: readonly PassWalk[], layer: number): number {
  return walks.slice(0, layer).reduce((sum, w) => sum + hRowsOf(w, c, c), 0);
}

export function layerImage(c: Configuration, { walks }: PlacedModel, size: StoreSize): string {
  const fields = layerTableFields(layerTableWidths(c), 1);
  const words = walks.map((walk) => packRecord(fields, layerRecord(c, walks, walk)));
  return imageOfWords(words, size);
}

/** Throws where a number is beyond what the hardware was made for, not only beyond its field. */
function within(name: string, value: number, most: number): number {
  if (value < 0 || value > most) throw new RangeError(`${name}: ${value} is not in 0 ... ${most}`);
  return value;
}

export function cellImage(c: Configuration, { walks }: PlacedModel, size: StoreSize): string {
  const fields = cellTableFields(cellTableWidths(c));
  const words = walks.map((walk) => {
    const n = numbersOf(walk.pass);
    const output = walk.pass.cell === 'dense';
    return packRecord(fields, {
      output_layer: flag(output),
      leaves: flag(walk === walks.at(-1)),
      x_first: flag(walk.first === 'x'),
      shift_x: within('shift_x', n.shiftX, c.shiftXMost),
      shift_h: within('shift_h', n.shiftH, c.shiftHMost),
      shift_bias: within('shift_bias', n.shiftBias, c.shiftBiasMost),
      round: output ? 0 : within('round', c.roundMost - n.round, c.roundMost),
      cell_shift:
        n.cellPoint === null
          ? 0
          : within('cell_shift', c.cellPointMost - n.cellPoint, c.cellPointMost - c.cellPointLeast),
    });
  });
  return imageOfWords(words, size);
}

export function shapeImage(c: Configuration, { model }: PlacedModel, size: StoreSize): string {
  const { input, output } = programOf(model);
  const [inputs, outputs] = [input.length, output.length];
  const fields = shapeFields(shapeWidths(c));
  const beats = (values: number): number => Math.ceil(values / c.streamLanes);
  const used = outputs - (beats(outputs) - 1) * c.streamLanes;
  const word = packRecord(fields, {
    input_last: beats(inputs) - 1,
    output_last: beats(outputs) - 1,
    output_lanes: 2 ** used - 1,
  });
  return imageOfWords([word], size);
}

/** Biases in the order of the steps of a frame, [lane][gate] in a word. */
export function biasImage(
  c: Configuration,
  { walks }: PlacedModel,
  { width, words }: StoreSize,
): string {
  const bits = c.words.bias;
  const image = new ImageWriter(width, words);
  const steps = stepsPerGroup(c);
  for (const walk of walks) {
    const { bias } = walk.pass;
    const shared = sharesSlices(walk.pass);
    for (let step = 0; step < walk.groups * steps; step++) {
      for (let lane = 0; lane < c.cellLanes; lane++) {
        for (let gate = 0; gate < GATE_COUNT; gate++) {
          const cell = step * c.cellLanes + lane;
          const row = shared ? cell * GATE_COUNT + gate : cell;
          if (row >= walk.rows) continue;
          const index = shared ? row : gate * walk.rows + row;
          image.put((lane * GATE_COUNT + gate) * bits, bits, bias[index] as number);
        }
      }
      image.next();
    }
  }
  return image.finish();
}

/** Words of one table after another. */
export function activationImage(tables: readonly Model['sigmoid'][], size: StoreSize): string {
  const words = tables.flatMap((table) =>
    Array.from(
      { length: TABLE_SEGMENTS },
      (_, k) =>
        BigInt(table.y0[k] as number) | (BigInt(table.slope[k] as number) << BigInt(TABLE_Y0_BITS)),
    ),
  );
  return imageOfWords(words, size);
}
