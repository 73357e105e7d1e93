import { type UserError, unexpected } from '../../base/errors.js';
import type { LayerCell } from '../cells/registry.js';
import {
  choiceText,
  functionsText,
  type SigmoidChoice,
  type TableFunctions,
  USUAL_FUNCTIONS,
} from '../table-functions.js';

/** A layer as the file calls it, and what its gates and states go through; absent: sigmoid and tanh. */
export interface FunctionUse {
  readonly name: string;
  readonly cell: LayerCell;
  readonly functions?: TableFunctions | undefined;
}

type Place = keyof TableFunctions;

/** The places of functions that a cell has. */
const PLACES: Readonly<Record<LayerCell, readonly Place[]>> = {
  lstm: ['sigmoid', 'tanh'],
  'lstm-peephole': ['sigmoid', 'tanh'],
  gru: ['sigmoid', 'tanh'],
  'gru-relu': ['sigmoid'],
  'rnn-tanh': ['tanh'],
  'rnn-relu': [],
  'dense-linear': [],
  'dense-sigmoid': ['sigmoid'],
  'dense-tanh': ['tanh'],
};

/** Slopes of a hard sigmoid that tables hold: it reaches 0 and 1 within their inputs, and not in a single step. */
export const HARD_SIGMOID_ALPHA = { least: 1 / 16, most: 8 } as const;

/** max(0, min(1, alpha x + 1/2)) as the hardware has it; null for an alpha that it has not. */
export function hardSigmoid(alpha: number): SigmoidChoice | null {
  const { least, most } = HARD_SIGMOID_ALPHA;
  return alpha >= least && alpha <= most ? { kind: 'hard-sigmoid', alpha } : null;
}

/**
 * The functions of a network, of which a design has one in each place; undefined where they are sigmoid and tanh.
 * @throws UserError LSTM_UNSUPPORTED naming a layer that has another one than a layer before it
 */
export function networkFunctions(
  uses: readonly FunctionUse[],
  file: string,
): TableFunctions | undefined {
  const found = new Map<Place, { readonly by: FunctionUse; readonly text: string }>();
  for (const use of uses) {
    for (const place of PLACES[use.cell]) {
      const text = choiceText((use.functions ?? USUAL_FUNCTIONS)[place]);
      const first = found.get(place);
      if (first === undefined) found.set(place, { by: use, text });
      else if (first.text !== text) throw differ(use.name, text, first.by.name, first.text, file);
    }
  }
  const of = <P extends Place>(place: P): TableFunctions[P] =>
    (found.get(place)?.by.functions ?? USUAL_FUNCTIONS)[place];
  const own: TableFunctions = { sigmoid: of('sigmoid'), tanh: of('tanh') };
  return functionsText(own) === null ? undefined : own;
}

function differ(name: string, got: string, first: string, text: string, file: string): UserError {
  const expected = `${text}, as ${first} has it (a design has one table for the layers of a network: train it with one function)`;
  return unexpected({ code: 'LSTM_UNSUPPORTED', file, field: name, expected, got });
}
