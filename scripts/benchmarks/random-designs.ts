import { Random } from '../../generator/base/random.js';

/** Command lines of a random network and of a design for it, without the names of files. */
export interface RandomDesign {
  readonly network: readonly string[];
  readonly design: readonly string[];
}

/** Options of a pattern for matrices of at least 16 rows and columns. */
const PATTERNS: readonly (readonly string[])[] = [
  [],
  ['--blocks', '4', '--keep', '1/2'],
  ['--blocks', '8,2', '--keep', '1/2,1/2'],
  ['--pattern', 'strips', '--blocks', '8x16', '--rate', '4'],
  ['--pattern', 'banks', '--blocks', '8', '--rate', '4'],
  ['--pattern', 'rows', '--rate', '4'],
  ['--pattern', 'kernels', '--blocks', '8x8', '--rate', '4'],
  ['--pattern', 'mask', '--rate', '4'],
];
const CELLS = [
  ...['lstm', 'lstm', 'gru', 'gru-before', 'rnn-tanh', 'rnn-relu', 'gru-relu', 'lstm-peephole'],
  'dense-relu',
];
/** Bits of weights, activations, c and biases. */
const WORDS = [
  ['4', '8', '12', '12'],
  ['6', '13', '16', '16'],
  ['8', '8', '16', '16'],
  ['8', '16', '20', '24'],
];

/**
 * A network of one or two layers of 16 to 40 cells, of any kind of cell, pattern and word lengths, and a design of 4 to 16
 * MACs with any of the options that change much of the hardware. Some are refused, as where words do not hold a sum.
 */
export function randomDesign(seed: number): RandomDesign {
  const random = new Random(seed);
  const of = <T>(list: readonly T[]): T => list[random.below(list.length)] as T;
  const sometimes = (...words: readonly string[]) => (random.below(5) === 0 ? words : []);
  const cell = of(CELLS);
  const cells = () => `${8 * random.between(2, 5)}`;
  const hidden = random.below(2) === 0 ? [cells()] : [cells(), cells()];
  const [weights = '', activations = '', state = '', biases = ''] = of(WORDS);
  const network = [
    ...['--seed', `${seed}`, '--cell', cell, '--inputs', `${8 * random.between(2, 4)}`],
    ...['--hidden', hidden.join(','), '--outputs', `${random.below(13)}`],
    ...of(PATTERNS),
    ...['--weight-bits', weights, '--activation-bits', activations],
    ...['--cell-bits', state, '--bias-bits', biases],
    ...(cell === 'lstm' ? sometimes('--projection', '16') : []),
  ];
  const design = [
    ...['--macs', `${4 * 2 ** random.below(3)}`],
    ...['--pipeline', of(['deep', 'deep', 'deep', 'balanced', 'short'])],
    ...sometimes('--cell-cycles', '18'),
    ...sometimes('--streams', '2'),
    ...sometimes('--emit', 'last'),
    ...(random.below(4) === 0 ? ['--weights', 'loaded'] : []),
    ...sometimes('--bus', 'axi4lite'),
  ];
  return { network, design };
}
