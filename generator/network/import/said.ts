import { unexpected } from '../../base/errors.js';
import type { RecurrentCell } from '../cells/registry.js';
import type { Imported, ImportOptions } from './imported.js';
import { isGru } from './reset.js';

/**
 * Whether what the user says of cells is true of the network as read: options that nothing asks for, or that the file
 * contradicts, are no options of this file.
 * @throws UserError NONLINEARITY, GRU_RESET or DIRECTIONS
 */
export function checkSaid(
  { model: { layers }, asked = [] }: Pick<Imported, 'model' | 'asked'>,
  { nonlinearity, reset, merge, backward }: ImportOptions,
  file: string,
): void {
  const cells = layers.map(({ cell }) => cell);
  for (const [name, got] of Object.entries({ merge, backward })) {
    if (got === undefined || asked.some((one) => one === name)) continue;
    const expected =
      'a file that leaves open what is read of two directions: a state_dict whose last layer is bidirectional, for --merge one with a layer of half as many inputs on it';
    const field = `--${name}`;
    throw unexpected({ code: 'DIRECTIONS', file, field, expected, got }, field);
  }
  if (nonlinearity !== undefined) {
    const own: RecurrentCell = `rnn-${nonlinearity}`;
    const rnn = cells.filter((cell) => cell.startsWith('rnn-'));
    const odd = rnn.find((cell) => cell !== own);
    if (rnn.length === 0 || odd !== undefined) {
      const expected = rnn.length === 0 ? 'a file with RNN layers' : `${odd}, as the file says`;
      const got = rnn.length === 0 ? cells.join(', ') : own;
      const field = '--nonlinearity';
      throw unexpected({ code: 'NONLINEARITY', file, field, expected, got }, field);
    }
  }
  if (reset === undefined) return;
  if (!cells.some(isGru)) {
    const [field, expected, got] = ['--reset', 'a file with GRU layers', cells.join(', ')];
    throw unexpected({ code: 'GRU_RESET', file, field, expected, got }, field);
  }
  const odd = layers.find((layer) => isGru(layer.cell) && (layer.reset ?? 'after') !== reset);
  if (odd === undefined) return;
  const field = '--reset';
  const expected = `${odd.reset ?? 'after'}, as the file says of the layer with ${odd.x.name}`;
  throw unexpected({ code: 'GRU_RESET', file, field, expected, got: reset }, field);
}
