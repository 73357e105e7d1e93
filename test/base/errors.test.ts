import { describe, expect, test } from 'vitest';
import { unexpected } from '../../generator/base/errors.js';

describe('the error for a value that is not what it has to be', () => {
  const value = { code: 'ODD', field: 'size', expected: 'at least 1', got: 0 };

  test('names field, expected and got, and the file where there is one', () => {
    expect(unexpected(value).message).toBe('size: expected at least 1, got 0');
    const inFile = unexpected({ ...value, file: 'a.npy' });
    expect(inFile.message).toBe('a.npy: size: expected at least 1, got 0');
    expect(inFile.report).toEqual({ ...value, file: 'a.npy', message: inFile.message });
  });

  test('can have another head, and a cause', () => {
    const cause = new Error('below');
    const error = unexpected({ ...value, file: 'a.npy' }, 'a.npy is cut short', { cause });
    expect(error.message).toBe('a.npy is cut short: expected at least 1, got 0');
    expect(error.report.file).toBe('a.npy');
    expect(error.cause).toBe(cause);
  });
});
