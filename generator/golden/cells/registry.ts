import type { CellKind } from '../../network/cells/registry.js';
import type { MakePass } from './cell.js';
import { DensePass } from './dense.js';
import { GruPass } from './gru.js';
import { GruNewPass, GruResetPass, reluCandidate, tanhCandidate } from './gru-before.js';
import { GruReluPass } from './gru-relu.js';
import { LstmPass } from './lstm.js';
import { LstmPeepholePass } from './lstm-peephole.js';
import { linearPass, tablePass } from './value.js';

/** The golden model of every kind of cell. */
export const GOLDEN_CELLS = {
  lstm: (pass, around) => new LstmPass(pass, around),
  'lstm-peephole': (pass, around) => new LstmPeepholePass(pass, around),
  gru: (pass, around) => new GruPass(pass, around),
  'gru-reset': (pass, around) => new GruResetPass(pass, around),
  'gru-new': (pass, around) => new GruNewPass(pass, around, tanhCandidate),
  'gru-relu': (pass, around) => new GruReluPass(pass, around),
  'gru-reset-relu': (pass, around) => new GruResetPass(pass, around),
  'gru-new-relu': (pass, around) => new GruNewPass(pass, around, reluCandidate),
  'rnn-tanh': tablePass('tanh'),
  'rnn-relu': linearPass,
  'dense-linear': linearPass,
  'dense-sigmoid': tablePass('sigmoid'),
  'dense-tanh': tablePass('tanh'),
  dense: (pass, { words }) => new DensePass(pass, words),
} as const satisfies Record<CellKind, MakePass>;
