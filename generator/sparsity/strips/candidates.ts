import type { Steps } from '../../base/steps.js';
import { cheapest, keepsHardlyZeros } from '../kept-zeros.js';
import { type Mask, type MatrixMasks, UNEXPLAINED_ZEROS } from '../mask.js';
import { coarser, count, emptyRows, keptIn, type StripMap, stripMap } from './strip-maps.js';
import { columnsIn, listBits, widthOf } from './widths.js';

/** Strip blocks of a matrix, for all gates or for each. One strip of the whole matrix that drops nothing is dense. */
export interface SizesChoice {
  readonly sharing: 'shared' | 'per-gate';
  readonly height: number;
  readonly width: number;
  readonly dense: boolean;
}

/** A description of the zeros of a matrix, and what it costs. */
export interface Candidate extends SizesChoice {
  /** Positions kept in all gates. */
  readonly kept: number;
  readonly indexBits: number;
  /** Rows that are dropped, all patterns together. */
  readonly dropped: number;
  /** Whether what it keeps holds hardly any zeros that are not those of single weights. */
  readonly explains: boolean;
}

/** Heights that are tried besides the whole matrix, from the lowest on. */
const HEIGHTS = [4, 8, 16, 32, 64, 128, 256] as const;

/** Every height that is tried, with its cheapest width, shared and per gate; and dense. */
export function* candidates({ shared, perGate }: MatrixMasks): Steps<readonly Candidate[]> {
  const gates = perGate.length;
  const ofShared = yield* described([shared], gates, 'shared');
  const ofGates = gates === 1 ? [] : yield* described(perGate, 1, 'per-gate');
  return [wholeOf(shared, gates), ...ofShared, ...ofGates];
}

/** The one of those that explain the zeros that takes fewest bits, of equal ones the highest strips. Null where none does. */
export function bestOf(list: readonly Candidate[]): Candidate | null {
  return cheapest([...list].sort((a, b) => b.height - a.height));
}

/** The candidates of given masks, heights from the whole matrix down. */
function* described(
  masks: readonly Mask[],
  gatesPerMask: number,
  sharing: SizesChoice['sharing'],
): Steps<readonly Candidate[]> {
  const { rows } = masks[0] as Mask;
  const heights = [...HEIGHTS.filter((height) => height < rows), rows];
  const figures: Figures[][] = heights.map(() => []);
  for (const mask of masks) {
    const empty = emptyRows(mask);
    let map = stripMap(mask, heights[0] as number, empty);
    yield;
    for (const [h, height] of heights.entries()) {
      if (h > 0) map = coarser(map, height);
      (figures[h] as Figures[]).push(figuresOf(mask, map, empty));
      yield;
    }
  }
  return heights
    .map((height, h) => {
      return together(figures[h] as Figures[], { height, sharing }, gatesPerMask);
    })
    .reverse();
}

/** The candidate of one size of strip blocks. */
export function candidateOf(
  masks: readonly Mask[],
  gatesPerMask: number,
  sharing: SizesChoice['sharing'],
  { height, width }: Pick<SizesChoice, 'height' | 'width'>,
): Candidate {
  const figures = masks.map((mask) => {
    const empty = emptyRows(mask);
    return figuresOf(mask, stripMap(mask, height, empty), empty);
  });
  return together(figures, { height, width, sharing }, gatesPerMask);
}

/** One mask in strips of one height. */
interface Figures {
  readonly map: StripMap;
  readonly kept: number;
  readonly paired: number;
  /** Positions that hold no weight, and those of them that are kept. */
  readonly zeros: number;
  readonly beyond: number;
  readonly rows: number;
  readonly dropped: number;
}

function figuresOf({ rows, kept }: Mask, map: StripMap, empty: Uint8Array): Figures {
  const { positions, paired } = keptIn(map);
  const weights = count(kept);
  return {
    ...{ map, kept: positions, paired, rows, dropped: count(empty) },
    ...{ zeros: kept.length - weights, beyond: positions - weights },
  };
}

function together(
  figures: readonly Figures[],
  sizes: Pick<SizesChoice, 'height' | 'sharing'> & Partial<Pick<SizesChoice, 'width'>>,
  gatesPerMask: number,
): Candidate {
  const sum = (of: (own: Figures) => number) => figures.reduce((total, own) => total + of(own), 0);
  const kept = sum((own) => own.kept);
  const beyond = sum((own) => own.beyond);
  const [paired, zeros] = [sum((own) => own.paired), sum((own) => own.zeros)];
  const explains = keepsHardlyZeros({ kept, beyond, paired, zeros });
  const maps = figures.map(({ map }) => map);
  const width = sizes.width ?? (explains ? widthOf(maps) : columnsIn(maps));
  return {
    ...{ ...sizes, width, dense: false, kept: gatesPerMask * kept, explains },
    indexBits: listBits(maps, width) + sum(({ rows, dropped }) => (dropped > 0 ? rows : 0)),
    dropped: sum((own) => own.dropped),
  };
}

function wholeOf({ rows, columns, kept }: Mask, gates: number): Candidate {
  const zeros = kept.length - count(kept);
  return {
    ...{ sharing: 'shared', height: rows, width: columns, dense: true },
    ...{ kept: gates * kept.length, indexBits: 0, dropped: 0 },
    explains: zeros <= UNEXPLAINED_ZEROS * kept.length,
  };
}
