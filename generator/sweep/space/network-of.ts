import { unexpected } from '../../base/errors.js';
import { USUAL_CELL } from '../../network/cells/registry.js';
import { DEFAULT_WORDS } from '../../network/limits.js';
import type { WordLengths } from '../../network/model.js';
import { DRAWN_CELLS, type DrawnCell, type RandomOptions } from '../../network/random.js';
import { patternSpecs } from './pattern.js';
import type { PointCompression, PointNetwork, ReadFile } from './point.js';
import type { CheckedNetwork } from './space.js';

/** A network of a space, and its files. */
export interface Limited {
  readonly network: CheckedNetwork;
  readonly file: ReadFile | null;
  readonly calibrate: ReadFile | null;
}

/** Values of the settings at a point. */
export interface Chosen {
  readonly random: Readonly<Record<string, unknown>>;
  readonly compress: Readonly<Record<string, unknown>>;
}

interface WordValues {
  readonly weightBits?: number;
  readonly activationBits?: number;
  readonly cellBits?: number;
  readonly biasBits?: number;
  readonly tableBits?: number;
}

interface RandomValues extends WordValues {
  readonly inputs: number;
  readonly hidden: string;
  readonly cell?: string;
  readonly projection?: string;
  readonly bidirectional?: 'concat' | 'sum';
  readonly pattern?: Parameters<typeof patternSpecs>[0];
  readonly mask?: 'shared' | 'per-gate';
  readonly outputs?: number;
  readonly initialState?: boolean;
  readonly seed?: number;
}

interface CompressValues extends WordValues {
  readonly select?: 'magnitude' | 'random';
  readonly pattern?: RandomValues['pattern'];
  readonly mask?: 'shared' | 'per-gate';
  readonly seed?: number;
}

/** The network of a point. `field`: where it stands in the space. @throws UserError SWEEP_SPACE, or of a pattern */
export function networkOf(
  { network, file, calibrate }: Limited,
  { random, compress }: Chosen,
  field: string,
): PointNetwork {
  if (file === null) {
    return { kind: 'random', options: randomOptions(random as unknown as RandomValues, field) };
  }
  const compression =
    network.compress === undefined
      ? null
      : compressionOf(network.compress, calibrate, compress as CompressValues, field);
  return { kind: 'file', file, said: network.import ?? {}, compression } as PointNetwork;
}

function randomOptions(values: RandomValues, network: string): RandomOptions {
  const field = `${network}.random`;
  const { inputs, hidden, projection, pattern, tableBits, cell = USUAL_CELL } = values;
  const patterns =
    pattern === undefined || pattern === 'dense'
      ? [null]
      : patternSpecs(pattern, `${field}.pattern`);
  return {
    cell: cellsOf(cell, `${field}.cell`),
    inputs,
    hidden: numbersOf(hidden),
    projection: projection === undefined ? undefined : numbersOf(projection),
    bidirectional: values.bidirectional,
    patterns,
    sharing: values.mask ?? 'shared',
    initialState: values.initialState ?? false,
    outputs: values.outputs ?? 0,
    words: wordsOf(values),
    tableBits,
    seed: values.seed ?? 1,
  };
}

function compressionOf(
  { noise, dense, fill }: NonNullable<CheckedNetwork['compress']>,
  calibrate: ReadFile | null,
  values: CompressValues,
  network: string,
): PointCompression {
  const field = `${network}.compress`;
  const { select, pattern, mask, seed, tableBits } = values;
  if (select !== undefined && pattern === undefined) {
    throw unexpected({
      ...{ code: 'SWEEP_SPACE', field: `${field}.pattern` },
      expected: 'a pattern beside select',
      got: 'none',
    });
  }
  const selection =
    select === undefined || pattern === undefined
      ? null
      : {
          by: select,
          patterns: patternSpecs(pattern, `${field}.pattern`),
          sharing: mask ?? ('shared' as const),
          // of the magnitude nothing is drawn: one seed stands for all
          seed: select === 'random' ? (seed ?? 1) : 1,
        };
  return {
    calibrate,
    noise: noise ?? null,
    selection,
    fill: fill ?? false,
    dense: dense ?? false,
    words: wordsOf(values),
    tableBits: tableBits ?? null,
  };
}

function wordsOf({ weightBits, activationBits, cellBits, biasBits }: WordValues): WordLengths {
  return {
    weight: weightBits ?? DEFAULT_WORDS.weight,
    activation: activationBits ?? DEFAULT_WORDS.activation,
    cell: cellBits ?? DEFAULT_WORDS.cell,
    bias: biasBits ?? DEFAULT_WORDS.bias,
  };
}

const numbersOf = (text: string): readonly number[] => text.split(',').map(Number);

function cellsOf(text: string, field: string): readonly DrawnCell[] {
  return text.split(',').map((word) => {
    const cell = DRAWN_CELLS.find((one) => one === word.trim());
    if (cell !== undefined) return cell;
    const expected = `a list of ${DRAWN_CELLS.join(', ')}`;
    throw unexpected({ code: 'SWEEP_SPACE', field, expected, got: `'${text}'` });
  });
}
