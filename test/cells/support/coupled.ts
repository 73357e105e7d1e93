import type { Cell } from '../../../generator/network/cells/cell.js';
import { lstm } from '../../../generator/network/cells/lstm.js';

/** f, o = sigmoid, g = tanh; c' = f * c + (1 - f) * g; h = o * tanh(c'): input and forget gate coupled. A cell that only tests have. */
export const coupled: Cell<'coupled'> = {
  ...lstm,
  kind: 'coupled',
  gates: ['f', 'g', 'o'],
  channels: ['f', 'g', 'o'].map((name, gate) => ({
    ...{ name, gate, operands: 'all' },
    table: name === 'g' ? 'tanh' : 'sigmoid',
  })),
};
