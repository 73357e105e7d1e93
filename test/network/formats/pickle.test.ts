import { describe, expect, it } from 'vitest';
import { NUMPY, PyArray } from '../../../generator/network/formats/pickle/numpy.js';
import { readPickle } from '../../../generator/network/formats/pickle/pickle.js';
import {
  PyBytes,
  PyDict,
  PyGlobal,
  PyList,
  PyObject,
  PySet,
  PyTuple,
  type PyValue,
} from '../../../generator/network/formats/pickle/values.js';
import { refusal } from '../../support/refusal.js';
import {
  dict,
  global,
  int,
  joined,
  list,
  pickle,
  reduce,
  text,
  tuple,
} from '../import/support/pickle.js';

/** Protocols 0 to 5 of one value, as pickle.dumps of Python 3.11 writes them. */
const WRITTEN = [
  'KGRwMApWYQpwMQoobHAyCkkxCmFJLTEKYUkzMDAKYUk3MDAwMAphTDEwOTk1MTE2Mjc3NzZMCmFMLTEyNjc2NTA2MDAyMjgyMjk0MDE0OTY3MDMyMDUzNzZMCmFGMS41CmFJMDEKYU5hVulcdTAwMGEKcDMKYWNfY29kZWNzCmVuY29kZQpwNAooVlx1MDAwMP8KcDUKVmxhdGluMQpwNgp0cDcKUnA4CmEoSTEKdHA5CmEodGEoSTEKSTIKSTMKSTQKdHAxMAphY19fYnVpbHRpbl9fCnNldApwMTEKKChscDEyClZ4CnAxMwphdHAxNApScDE1CmFjX19idWlsdGluX18KZnJvemVuc2V0CnAxNgooKGxwMTcKSTIKYXRwMTgKUnAxOQphc1ZvZApwMjAKY2NvbGxlY3Rpb25zCk9yZGVyZWREaWN0CnAyMQoodFJwMjIKVmsKcDIzCihscDI0CnNzVmRkCnAyNQpjY29sbGVjdGlvbnMKZGVmYXVsdGRpY3QKcDI2CihjX19idWlsdGluX18KbGlzdApwMjcKdHAyOApScDI5ClZ6CnAzMApGMi41CnNzVm5zCnAzMQpjY29weV9yZWcKX3JlY29uc3RydWN0b3IKcDMyCihjYXJncGFyc2UKTmFtZXNwYWNlCnAzMwpjX19idWlsdGluX18Kb2JqZWN0CnAzNApOdHAzNQpScDM2CihkcDM3ClZscgpwMzgKRjAuMQpzYnNJMwpWdGhyZWUKcDM5CnNWbApwNDAKKGxwNDEKVnNhbWUKcDQyCmFnNDIKYXNWYmEKcDQzCmNfX2J1aWx0aW5fXwpieXRlYXJyYXkKcDQ0CihnNAooVmFiCnA0NQpnNgp0cDQ2ClJwNDcKdHA0OApScDQ5CnMu',
  'fXEAKFgBAAAAYXEBXXECKEsBSv////9NLAFKcBEBAEwxMDk5NTExNjI3Nzc2TApMLTEyNjc2NTA2MDAyMjgyMjk0MDE0OTY3MDMyMDUzNzZMCkc/+AAAAAAAAEkwMQpOWAMAAADDqQpxA2NfY29kZWNzCmVuY29kZQpxBChYAwAAAADDv3EFWAYAAABsYXRpbjFxBnRxB1JxCChLAXRxCSkoSwFLAksDSwR0cQpjX19idWlsdGluX18Kc2V0CnELKF1xDFgBAAAAeHENYXRxDlJxD2NfX2J1aWx0aW5fXwpmcm96ZW5zZXQKcRAoXXERSwJhdHESUnETZVgCAAAAb2RxFGNjb2xsZWN0aW9ucwpPcmRlcmVkRGljdApxFSlScRZYAQAAAGtxF11xGHNYAgAAAGRkcRljY29sbGVjdGlvbnMKZGVmYXVsdGRpY3QKcRooY19fYnVpbHRpbl9fCmxpc3QKcRt0cRxScR1YAQAAAHpxHkdABAAAAAAAAHNYAgAAAG5zcR9jY29weV9yZWcKX3JlY29uc3RydWN0b3IKcSAoY2FyZ3BhcnNlCk5hbWVzcGFjZQpxIWNfX2J1aWx0aW5fXwpvYmplY3QKcSJOdHEjUnEkfXElWAIAAABscnEmRz+5mZmZmZmac2JLA1gFAAAAdGhyZWVxJ1gBAAAAbHEoXXEpKFgEAAAAc2FtZXEqaCplWAIAAABiYXErY19fYnVpbHRpbl9fCmJ5dGVhcnJheQpxLChoBChYAgAAAGFicS1oBnRxLlJxL3RxMFJxMXUu',
  'gAJ9cQAoWAEAAABhcQFdcQIoSwFK/////00sAUpwEQEAigYAAAAAAAGKDQAAAAAAAAAAAAAAAPBHP/gAAAAAAACITlgDAAAAw6kKcQNjX2NvZGVjcwplbmNvZGUKcQRYAwAAAADDv3EFWAYAAABsYXRpbjFxBoZxB1JxCEsBhXEJKShLAUsCSwNLBHRxCmNfX2J1aWx0aW5fXwpzZXQKcQtdcQxYAQAAAHhxDWGFcQ5ScQ9jX19idWlsdGluX18KZnJvemVuc2V0CnEQXXERSwJhhXESUnETZVgCAAAAb2RxFGNjb2xsZWN0aW9ucwpPcmRlcmVkRGljdApxFSlScRZYAQAAAGtxF11xGHNYAgAAAGRkcRljY29sbGVjdGlvbnMKZGVmYXVsdGRpY3QKcRpjX19idWlsdGluX18KbGlzdApxG4VxHFJxHVgBAAAAenEeR0AEAAAAAAAAc1gCAAAAbnNxH2NhcmdwYXJzZQpOYW1lc3BhY2UKcSApgXEhfXEiWAIAAABscnEjRz+5mZmZmZmac2JLA1gFAAAAdGhyZWVxJFgBAAAAbHElXXEmKFgEAAAAc2FtZXEnaCdlWAIAAABiYXEoY19fYnVpbHRpbl9fCmJ5dGVhcnJheQpxKWgEWAIAAABhYnEqaAaGcStScSyFcS1ScS51Lg==',
  'gAN9cQAoWAEAAABhcQFdcQIoSwFK/////00sAUpwEQEAigYAAAAAAAGKDQAAAAAAAAAAAAAAAPBHP/gAAAAAAACITlgDAAAAw6kKcQNDAgD/cQRLAYVxBSkoSwFLAksDSwR0cQZjYnVpbHRpbnMKc2V0CnEHXXEIWAEAAAB4cQlhhXEKUnELY2J1aWx0aW5zCmZyb3plbnNldApxDF1xDUsCYYVxDlJxD2VYAgAAAG9kcRBjY29sbGVjdGlvbnMKT3JkZXJlZERpY3QKcREpUnESWAEAAABrcRNdcRRzWAIAAABkZHEVY2NvbGxlY3Rpb25zCmRlZmF1bHRkaWN0CnEWY2J1aWx0aW5zCmxpc3QKcReFcRhScRlYAQAAAHpxGkdABAAAAAAAAHNYAgAAAG5zcRtjYXJncGFyc2UKTmFtZXNwYWNlCnEcKYFxHX1xHlgCAAAAbHJxH0c/uZmZmZmZmnNiSwNYBQAAAHRocmVlcSBYAQAAAGxxIV1xIihYBAAAAHNhbWVxI2gjZVgCAAAAYmFxJGNidWlsdGlucwpieXRlYXJyYXkKcSVDAmFicSaFcSdScSh1Lg==',
  'gASVPAEAAAAAAAB9lCiMAWGUXZQoSwFK/////00sAUpwEQEAigYAAAAAAAGKDQAAAAAAAAAAAAAAAPBHP/gAAAAAAACITowDw6kKlEMCAP+USwGFlCkoSwFLAksDSwR0lI+UKIwBeJSQKEsCkZRljAJvZJSMC2NvbGxlY3Rpb25zlIwLT3JkZXJlZERpY3SUk5QpUpSMAWuUXZRzjAJkZJRoC4wLZGVmYXVsdGRpY3SUk5SMCGJ1aWx0aW5zlIwEbGlzdJSTlIWUUpSMAXqUR0AEAAAAAAAAc4wCbnOUjAhhcmdwYXJzZZSMCU5hbWVzcGFjZZSTlCmBlH2UjAJscpRHP7mZmZmZmZpzYksDjAV0aHJlZZSMAWyUXZQojARzYW1llGgkZYwCYmGUaBSMCWJ5dGVhcnJheZSTlEMCYWKUhZRSlHUu',
  'gAWVLwEAAAAAAAB9lCiMAWGUXZQoSwFK/////00sAUpwEQEAigYAAAAAAAGKDQAAAAAAAAAAAAAAAPBHP/gAAAAAAACITowDw6kKlEMCAP+USwGFlCkoSwFLAksDSwR0lI+UKIwBeJSQKEsCkZRljAJvZJSMC2NvbGxlY3Rpb25zlIwLT3JkZXJlZERpY3SUk5QpUpSMAWuUXZRzjAJkZJRoC4wLZGVmYXVsdGRpY3SUk5SMCGJ1aWx0aW5zlIwEbGlzdJSTlIWUUpSMAXqUR0AEAAAAAAAAc4wCbnOUjAhhcmdwYXJzZZSMCU5hbWVzcGFjZZSTlCmBlH2UjAJscpRHP7mZmZmZmZpzYksDjAV0aHJlZZSMAWyUXZQojARzYW1llGgkZYwCYmGUlgIAAAAAAAAAYWKUdS4=',
];

const read = (bytes: Uint8Array): PyValue => readPickle(bytes, 'f.pkl').value;
const refused = (bytes: Uint8Array) => refusal(() => read(bytes));

/** The value without the classes of the reader. */
function plain(value: PyValue): unknown {
  if (value instanceof PyBytes) return { bytes: [...value.bytes] };
  if (value instanceof PyList) return value.items.map(plain);
  if (value instanceof PyTuple) return { tuple: value.items.map(plain) };
  if (value instanceof PySet) return { set: value.items.map(plain) };
  if (value instanceof PyGlobal) return { global: value.name };
  if (value instanceof PyDict) {
    return new Map([...value.entries].map(([key, one]) => [plain(key), plain(one)]));
  }
  if (value instanceof PyObject) {
    return { of: value.typeName, state: plain(value.state) };
  }
  return value;
}

describe('pickles of Python', () => {
  it.each(WRITTEN.map((base64, protocol) => ({ base64, protocol })))(
    'protocol $protocol',
    ({ base64 }) => {
      expect(plain(read(Buffer.from(base64, 'base64')))).toEqual(
        new Map<unknown, unknown>([
          [
            'a',
            [
              1,
              -1,
              300,
              70000,
              2 ** 40,
              -(2n ** 100n),
              1.5,
              true,
              null,
              'é\n',
              { bytes: [0, 255] },
              { tuple: [1] },
              { tuple: [] },
              { tuple: [1, 2, 3, 4] },
              { set: ['x'] },
              { set: [2] },
            ],
          ],
          ['od', new Map([['k', []]])],
          ['dd', new Map([['z', 2.5]])],
          ['ns', { of: 'argparse.Namespace', state: new Map([['lr', 0.1]]) }],
          [3, 'three'],
          ['l', ['same', 'same']],
          ['ba', { bytes: [97, 98] }],
        ]),
      );
    },
  );

  it('arrays of NumPy, in either order of axes and bytes', () => {
    const dtype = (code: string, order: string) =>
      joined(
        reduce(global('numpy', 'dtype'), text(code), int(0), int(1)),
        tuple(int(3), text(order), 'N', 'N', 'N', int(0xffffffff), int(0xffffffff), int(0)),
        'b',
      );
    const array = (order: string, fortran: string, bytes: number[]) =>
      joined(
        reduce(
          global('numpy.core.multiarray', '_reconstruct'),
          global('numpy', 'ndarray'),
          tuple(int(0)),
          text('b'),
        ),
        tuple(
          int(1),
          tuple(int(2), int(3)),
          dtype('i2', order),
          fortran,
          joined('C', [bytes.length], bytes),
        ),
        'b',
      );
    const values = (data: Uint8Array) => {
      const { value } = readPickle(pickle(data), 'f', { constructors: NUMPY });
      expect(value).toBeInstanceOf(PyArray);
      expect((value as PyArray).shape).toEqual([2, 3]);
      return [...(value as PyArray).elements()];
    };
    const low = (...numbers: number[]) => numbers.flatMap((one) => [one, 0]);
    const high = (...numbers: number[]) => numbers.flatMap((one) => [0, one]);
    expect(values(array('<', '\x89', low(1, 2, 3, 4, 5, 6)))).toEqual(low(1, 2, 3, 4, 5, 6));
    expect(values(array('>', '\x89', high(1, 2, 3, 4, 5, 6)))).toEqual(low(1, 2, 3, 4, 5, 6));
    expect(values(array('>', '\x88', high(1, 4, 2, 5, 3, 6)))).toEqual(low(1, 2, 3, 4, 5, 6));
  });
});

describe('nothing is executed', () => {
  const system = global('posix', 'system');

  it.each<[string, Uint8Array, unknown]>([
    ['REDUCE', reduce(system, text('id')), 'posix.system'],
    ['INST', joined('(', text('id'), 'iposix\nsystem\n'), 'posix.system'],
    ['OBJ', joined('(', system, text('id'), 'o'), 'posix.system'],
    ['NEWOBJ', joined(system, tuple(text('id')), '\x81'), 'posix.system'],
    ['NEWOBJ_EX', joined(system, tuple(text('id')), '}\x92'), 'posix.system'],
    [
      'STACK_GLOBAL',
      joined(text('posix'), text('system'), '\x93', tuple(text('id')), 'R'),
      'posix.system',
    ],
    ['BUILD', joined(reduce(system), dict({ __setstate__: system }), 'b'), 'posix.system'],
    ['eval', reduce(global('builtins', 'eval'), text('1/0')), 'builtins.eval'],
    [
      'getattr',
      reduce(global('builtins', 'getattr'), global('os', 'x'), text('system')),
      'builtins.getattr',
    ],
  ])('%s leaves a name and its arguments', (_, part, name) => {
    const value = read(pickle(part));
    expect(value).toBeInstanceOf(PyObject);
    expect((value as PyObject).typeName).toBe(name);
  });

  it('what an unknown function has made can be called, and is unknown again', () => {
    const value = read(pickle(reduce(reduce(system, text('a')), text('b'))));
    expect((value as PyObject).type).toBeInstanceOf(PyObject);
  });

  it('names of JavaScript are names like others', () => {
    const names = ['__proto__', 'constructor', 'toString'];
    const value = read(pickle(dict(Object.fromEntries(names.map((one) => [one, int(1)])))));
    expect(plain(value)).toEqual(new Map(names.map((one) => [one, 1])));
    const object = read(pickle(reduce(global('builtins', '__proto__'))));
    expect((object as PyObject).typeName).toBe('builtins.__proto__');
  });
});

describe('what is no pickle is refused', () => {
  it.each<[string, Uint8Array]>([
    ['nothing', joined()],
    ['no end', joined('N')],
    ['an empty stack', joined('.')],
    ['an unknown opcode', joined('\xff.')],
    ['protocol 6', joined('\x80\x06N.')],
    ['no mark', joined('Nt.')],
    ['a value below the mark', joined('N(0a.')],
    ['a text that is too long', joined('X\xff\xff\xff\xffab.')],
    ['bytes that are too long', joined('\x8e', new Uint8Array(8).fill(0xff), '.')],
    ['a text that is none', joined('X\x01\0\0\0\xff.')],
    ['a memo without the number', joined('h\x05.')],
    ['an odd number of entries', pickle('}(N', 'u')],
    ['entries of no dictionary', pickle(int(1), '(NN', 'u')],
    ['items of no list', pickle(int(1), int(2), 'a')],
    ['a set of no set', pickle(']', '(N\x90')],
    ['arguments that are no tuple', pickle(global('a', 'b'), int(1), 'R')],
    ['a state of a number', pickle(int(1), int(2), 'b')],
    ['a name that is no text', pickle(int(1), int(2), '\x93')],
    ['an extension', pickle('\x82\x01')],
    ['a buffer beside it', pickle('\x97')],
    ['a persistent id', pickle(text('a'), 'Q')],
    ['a number that is none', joined('Iabc\n.')],
    ['a float that is none', joined('Fabc\n.')],
    ['a line without end', joined('I12')],
    ['a negative length', joined('\x8b\xff\xff\xff\xff.')],
  ])('%s', (_, bytes) => {
    expect(refused(bytes)).toMatchObject({ code: 'PICKLE_INVALID', file: 'f.pkl' });
  });

  it('a pickle that is cut short anywhere', () => {
    for (const base64 of WRITTEN) {
      const bytes = Buffer.from(base64, 'base64');
      for (let end = 0; end < bytes.length; end += 3) {
        expect(refused(bytes.subarray(0, end)).code).toBe('PICKLE_INVALID');
      }
    }
  });
});

describe('what would take too much is bounded', () => {
  const times = (n: number, ...part: string[]) => part.join('').repeat(n);

  it.each<[string, Uint8Array, string]>([
    ['objects', pickle('(', times(250_001, ']'), 't'), 'at most 250000 objects'],
    ['values', pickle('(', times(1_000_001, 'N'), 't'), 'at most 1000000 values'],
    ['marks', pickle(times(1_000_001, '(')), 'at most 1000000 values'],
    ['values of the memo', pickle('Nq\0', times(1_000_001, 'h\0')), 'at most 1000000 values'],
    ['bytes of a number', joined('\x8b\xe9\x03\0\0', new Uint8Array(1001)), '1000 bytes'],
    ['digits of a number', joined('L', times(1001, '1'), 'L\n.'), '1000 digits'],
    ['letters of a name', joined('c', times(999, 'a'), '\nbb\n.'), '1000 letters'],
    [
      'copies of a dictionary',
      pickle(
        list(...Array.from({ length: 2000 }, (_, i) => int(i))),
        'q\0',
        ...Array.from({ length: 1000 }, () => reduce(global('builtins', 'set'), 'h\0')),
      ),
      'at most 1000000 values',
    ],
  ])('%s', (_, bytes, expected) => {
    const report = refused(bytes);
    expect(report).toMatchObject({ code: 'PICKLE_LIMIT', got: 'more' });
    expect(report.expected).toContain(expected);
  });

  it('lists that hold the one before twice, and nesting, take no more than they are', () => {
    const doubled = Array.from({ length: 100 }, (_, i) =>
      joined(`](h`, [i], 'h', [i], `eq`, [i + 1]),
    );
    expect(read(pickle(']q\0', ...doubled))).toBeInstanceOf(PyList);
    expect(read(pickle(times(100_000, ']'), times(99_999, 'a')))).toBeInstanceOf(PyList);
    const itself = read(pickle(']q\0h\0a')) as PyList;
    expect(itself.items[0]).toBe(itself);
  });
});
