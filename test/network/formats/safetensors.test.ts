import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readSafetensors,
  type Tensor,
  writeSafetensors,
} from '../../../generator/network/formats/safetensors.js';
import { refusal } from '../../support/refusal.js';

function fileOf(header: unknown, data = 0, text = JSON.stringify(header)): Uint8Array {
  const encoded = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + encoded.length + data);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(encoded.length), true);
  bytes.set(encoded, 8);
  return bytes;
}

const tensor = (begin: number, end: number, shape = [(end - begin) / 4], dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});
const read = (bytes: Uint8Array) => readSafetensors(bytes, 'w.safetensors');

describe('safetensors', () => {
  it('come back as they were written, metadata too', () => {
    const tensors = fc.dictionary(
      fc.string({ minLength: 1 }).filter((name) => !name.startsWith('__')),
      fc
        .record({
          dtype: fc.constantFrom('U8' as const, 'I16' as const, 'F32' as const, 'I64' as const),
          shape: fc.array(fc.nat(4), { maxLength: 3 }),
        })
        .map(({ dtype, shape }): Tensor => {
          const size = { U8: 1, I16: 2, F32: 4, I64: 8 }[dtype];
          const bytes = new Uint8Array(shape.reduce((a, b) => a * b, size)).fill(7);
          return { dtype, shape, bytes };
        }),
    );
    const metadata = fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      fc.string(),
    );
    fc.assert(
      fc.property(tensors, metadata, (all, notes) => {
        const bytes = writeSafetensors({ metadata: notes, tensors: new Map(Object.entries(all)) });
        const back = read(bytes);
        expect(Object.fromEntries(back.tensors)).toEqual({ ...all });
        expect(back.metadata).toEqual({ ...notes });
      }),
    );
  });

  it('are the same bytes whatever the order of names', () => {
    const one: Tensor = { dtype: 'U8', shape: [1], bytes: Uint8Array.of(1) };
    const two: Tensor = { dtype: 'I32', shape: [1], bytes: Uint8Array.of(2, 0, 0, 0) };
    const write = (names: [string, Tensor][], metadata: Record<string, string>) =>
      writeSafetensors({ metadata, tensors: new Map(names) });
    const a = write(
      [
        ['a', one],
        ['b', two],
      ],
      { x: '1', y: '2' },
    );
    expect(
      write(
        [
          ['b', two],
          ['a', one],
        ],
        { y: '2', x: '1' },
      ),
    ).toEqual(a);
    expect((a.length - 5) % 8).toBe(0); // header padded, 5 bytes of data
    expect(a.slice(-5)).toEqual(Uint8Array.of(2, 0, 0, 0, 1)); // wide elements first: aligned
  });

  it.each<[string, Uint8Array, string, string]>([
    ['an empty file', new Uint8Array(), 'FOREIGN_FORMAT', 'format'],
    ['less than a length', Uint8Array.of(1, 2, 0xff), 'SAFETENSORS_TRUNCATED', 'header length'],
    ['numbers of another kind', new Uint8Array(64).fill(0x99), 'SAFETENSORS_INVALID', 'header'],
    [
      'a header that claims more than there is',
      fileOf({}).slice(0, 9),
      'SAFETENSORS_TRUNCATED',
      'header',
    ],
    [
      'a header of 2^60 bytes',
      Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 16, 123),
      'SAFETENSORS_TRUNCATED',
      'header',
    ],
    ['data cut short', fileOf({ a: tensor(0, 8) }, 7), 'SAFETENSORS_TRUNCATED', 'a'],
    [
      'bytes that are no text',
      Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0xff),
      'SAFETENSORS_INVALID',
      'header',
    ],
    ['bad JSON', fileOf(null, 0, '{"a":'), 'SAFETENSORS_INVALID', 'header'],
    ['JSON that is no object', fileOf([1]), 'SAFETENSORS_INVALID', 'header'],
    ['no type', fileOf({ a: tensor(0, 4, [1], '') }, 4), 'SAFETENSORS_INVALID', 'a'],
    ['values of none', fileOf({ a: tensor(0, 4, [0], 'F13') }, 4), 'SAFETENSORS_INVALID', 'a'],
    ['a type without values', fileOf({ a: tensor(0, 0, [2], 'F13') }), 'SAFETENSORS_INVALID', 'a'],
    ['a negative size', fileOf({ a: tensor(0, 4, [-1]) }, 4), 'SAFETENSORS_INVALID', 'a'],
    ['a fractional size', fileOf({ a: tensor(0, 6, [1.5]) }, 6), 'SAFETENSORS_INVALID', 'a'],
    ['a missing entry', fileOf({ a: { dtype: 'F32', shape: [1] } }, 4), 'SAFETENSORS_INVALID', 'a'],
    [
      'bytes that do not match the shape',
      fileOf({ a: tensor(0, 8, [3]) }, 8),
      'SAFETENSORS_INVALID',
      'a',
    ],
    ['offsets in reverse', fileOf({ a: tensor(8, 4, [1]) }, 8), 'SAFETENSORS_INVALID', 'a'],
    [
      'overlapping tensors',
      fileOf({ a: tensor(0, 8), b: tensor(4, 12) }, 12),
      'SAFETENSORS_INVALID',
      'b',
    ],
    ['a gap', fileOf({ a: tensor(0, 4), b: tensor(8, 12) }, 12), 'SAFETENSORS_INVALID', 'b'],
    ['data after the last tensor', fileOf({ a: tensor(0, 4) }, 5), 'SAFETENSORS_INVALID', 'data'],
    [
      'metadata that are no strings',
      fileOf({ __metadata__: { a: 1 } }),
      'SAFETENSORS_INVALID',
      '__metadata__',
    ],
  ])('%s is refused', (_, bytes, code, field) => {
    const report = refusal(() => read(bytes));
    expect(report).toMatchObject({ code, field, file: 'w.safetensors' });
    expect(report.expected).toBeDefined();
    expect(report.got).toBeDefined();
  });

  it('keeps tensors of a type that it does not know, as bytes', () => {
    const bytes = fileOf({ a: tensor(0, 6, [8], 'F6_NEW'), b: tensor(6, 10) }, 10);
    const { tensors } = read(bytes);
    expect(tensors.get('a')).toMatchObject({ dtype: 'F6_NEW', shape: [8] });
    expect(tensors.get('a')?.bytes).toHaveLength(6);
    expect(read(writeSafetensors(read(bytes)))).toEqual(read(bytes));
  });

  it('cut anywhere are refused', () => {
    const bytes = writeSafetensors({
      metadata: { a: 'b' },
      tensors: new Map([['t', { dtype: 'F32', shape: [2], bytes: new Uint8Array(8) }]]),
    });
    for (let length = 9; length < bytes.length; length++) {
      expect(refusal(() => read(bytes.slice(0, length))).code).toMatch(/^SAFETENSORS_/);
    }
  });
});
