import { unexpected } from '../../base/errors.js';
import { readNumbers } from './number-list.js';

/**
 * Reads the number of frames of each utterance.
 * @throws UserError LENGTHS_TYPE or LENGTHS_SHAPE, or as `readNumbers`; what they may be, the frames say.
 */
export async function readLengths(file: string): Promise<ArrayLike<number>> {
  const { type, shape, data } = await readNumbers(file, {
    what: 'lengths',
    names: ['lengths', 'length', 'frames'],
  });
  if (type.startsWith('float')) {
    const expected = 'an integer type';
    throw unexpected({ code: 'LENGTHS_TYPE', file, field: 'descr', expected, got: type });
  }
  if (shape.length !== 1 && !(shape.length === 2 && shape[1] === 1)) {
    const [expected, got] = ['[utterances]', `[${shape.join(', ')}]`];
    throw unexpected({ code: 'LENGTHS_SHAPE', file, field: 'shape', expected, got });
  }
  return data;
}
