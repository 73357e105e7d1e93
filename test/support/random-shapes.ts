import { type DesignOptions, macCounts } from '../../generator/accelerator/index.js';
import { Random } from '../../generator/base/random.js';
import type { Model } from '../../generator/network/model.js';
import {
  DRAWN_CELLS,
  type DrawnCell,
  type RandomPattern,
  randomModel,
} from '../../generator/network/random.js';
import { TABLE_BITS } from '../../generator/network/table-scheme.js';

/** A network shape with design options for it; `model(seed)` draws weights and patterns. */
export interface RandomShape {
  readonly label: string;
  readonly model: (seed: number) => Model;
  readonly options: DesignOptions;
}

const BLOCKS: readonly (readonly number[])[] = [
  [],
  [4],
  [2],
  [1],
  [8],
  [8, 4],
  [16, 4],
  [12, 4],
  [6, 2],
  [8, 1],
  [16, 8, 2],
  [32, 8, 4],
  [9, 3],
  [10],
];

/**
 * A shape that exercises sizes no block divides, mixed patterns, word lengths, lanes and slots; and tables, where
 * their bits are not given; of layers of one kind of cell, or of all kinds mixed.
 */
export function randomShape(
  seed: number,
  givenTableBits?: number,
  given: DrawnCell | 'mixed' = 'lstm',
): RandomShape {
  const random = new Random(seed);
  const pick = <T>(values: readonly T[]): T => values[random.below(values.length)] as T;
  const layers = pick([1, 1, 2, 2, 3]);
  const inputs = random.between(1, 40);
  const hidden = Array.from({ length: layers }, () => pick([1, 3, 8, 16, 20, 31, 48]));
  const kinds = new Random(seed + 1);
  const cell =
    given === 'mixed'
      ? hidden.map(() => DRAWN_CELLS[kinds.below(DRAWN_CELLS.length)] as DrawnCell)
      : given;
  const pattern = (): RandomPattern => {
    const blocks = pick(BLOCKS);
    return {
      kind: 'hcgs',
      blocks,
      keep: blocks.map(() => {
        const n = random.between(1, 8);
        return { k: random.between(1, n), n };
      }),
    };
  };
  const patterns = random.below(2) === 0 ? [pattern()] : hidden.map(pattern);
  const words = {
    weight: pick([2, 4, 6, 6, 8, 11]),
    activation: pick([5, 8, 13, 13, 16]),
    cell: pick([9, 16, 16, 24]),
    bias: pick([4, 16, 16, 20]),
  };
  const sharing = pick(['shared', 'shared', 'per-gate'] as const);
  const outputs = pick([0, 0, 1, 5, 17]);
  const { least, most, usual } = TABLE_BITS;
  const drawn = new Random(seed).between(least - 2, most);
  const tableBits = givenTableBits ?? Math.max(usual, drawn);
  const model = (modelSeed: number): Model =>
    randomModel({
      cell,
      inputs,
      hidden,
      patterns,
      sharing,
      outputs,
      words,
      tableBits,
      seed: modelSeed,
    });
  const slices = given === 'lstm' ? undefined : [1, 2, 3][new Random(seed + 2).below(6)];
  const counts = macCounts(model(1), slices).filter((n) => n <= 256);
  const maybe = <T>(value: T): T | undefined => (random.below(3) === 0 ? value : undefined);
  const options: DesignOptions = {
    name: 'dut',
    slices,
    macs: pick(counts),
    streamLanes: maybe(pick([1, 2, 4, 16])),
    sumSlots: maybe(pick([1, 2, 3, 5, 8])),
    cellCycles: cell === 'lstm' ? maybe(pick([18, 4, 23])) : undefined,
  };
  const label = JSON.stringify({
    seed,
    cell,
    inputs,
    hidden,
    patterns,
    words,
    sharing,
    outputs,
    tableBits,
    options,
  });
  return { label, model, options };
}
