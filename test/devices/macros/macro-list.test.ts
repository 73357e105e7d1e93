import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readMacroList } from '../../../generator/cli/input/macro-list.js';
import { macroListSchema } from '../../../generator/design/manifest/macro-list.js';
import { MACRO_PRESETS } from '../../../generator/devices/macros/presets.js';
import {
  ONE_PORT,
  SELECTED,
  TWO_PORTS,
  WRITE_AND_READ,
} from '../../accelerator/support/macro-lists.js';

let file: string;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-macros-'));
  file = join(folder, 'macros.json');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The report of the error about a list. */
async function refusal(content: unknown) {
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  const error = await readMacroList(file).then(
    () => null,
    (caught) => caught,
  );
  return error?.report;
}

const [port] = ONE_PORT.ports;
const withPort = (change: object) => ({
  macros: [{ ...ONE_PORT, ports: [{ ...port, ...change }] }],
});

describe('a list of macros', () => {
  test('is read, without what it says of its source', async () => {
    const list = { macros: [ONE_PORT, TWO_PORTS, WRITE_AND_READ, SELECTED] };
    expect(await refusal({ source: 'a kit', ...list })).toBeUndefined();
    expect(await readMacroList(file)).toEqual(list);
  });

  test.each(Object.entries(MACRO_PRESETS))('of hcgs, %s, is one', async (name, list) => {
    expect(macroListSchema.parse(JSON.parse(JSON.stringify(list)))).toEqual(list);
    expect(await readMacroList(name)).toBe(list);
  });

  test.each([
    [
      'a latency of two',
      { macros: [{ ...ONE_PORT, latency: 2 }] },
      'macros.0.latency',
      /1, as .*\(one_port\)/,
    ],
    [
      'two of one name',
      { macros: [ONE_PORT, { ...ONE_PORT, name: 'ONE_port' }] },
      'macros.1.name',
      /no macro before/,
    ],
    [
      'an area of some',
      { macros: [{ ...ONE_PORT, area: 3 }, TWO_PORTS] },
      'macros.1.area',
      /an area/,
    ],
    [
      'registers to compare with no area',
      { registerBitArea: 3, macros: [ONE_PORT] },
      'registerBitArea',
      /none/,
    ],
    [
      'a port that does nothing',
      withPort({
        dataIn: undefined,
        dataOut: undefined,
        writeEnable: undefined,
        readEnable: undefined,
        mask: undefined,
      }),
      'macros.0.ports.0.dataOut',
      /data in or data out/,
    ],
    [
      'data out that cannot be kept',
      withPort({ enable: undefined, readEnable: undefined }),
      'macros.0.ports.0.readEnable',
      /keep their value/,
    ],
    [
      'no write enable',
      withPort({ writeEnable: undefined }),
      'macros.0.ports.0.writeEnable',
      /a write enable/,
    ],
    [
      'a write enable of nothing',
      withPort({ dataIn: undefined, mask: undefined }),
      'macros.0.ports.0.writeEnable',
      /none without data in/,
    ],
    [
      'a read enable of nothing',
      withPort({ dataOut: undefined }),
      'macros.0.ports.0.readEnable',
      /none without data out/,
    ],
    [
      'a mask of nothing',
      withPort({ dataIn: undefined, writeEnable: undefined }),
      'macros.0.ports.0.mask',
      /none without data in/,
    ],
    [
      'a mask that does not divide',
      withPort({ mask: { pin: 'm', bits: 4 } }),
      'macros.0.ports.0.mask',
      /divide the 6/,
    ],
    ['a pin twice', withPort({ address: 'A_di' }), 'macros.0.ports.0.dataIn', /stands there twice/],
    [
      'a tie of a pin that is connected',
      { macros: [{ ...ONE_PORT, ties: { a_en: 1 } }] },
      'macros.0.ties.a_en',
      /twice/,
    ],
    [
      'a pin with a name of the model',
      withPort({ address: 'model_words' }),
      'macros.0.ports.0.address',
      /not begin with model_/,
    ],
    ['a keyword', { macros: [{ ...ONE_PORT, name: 'module' }] }, 'macros.0.name', /identifier/],
    [
      'Verilog for a name',
      { macros: [{ ...ONE_PORT, name: 'a; initial $finish' }] },
      'macros.0.name',
      /identifier/,
    ],
    [
      'Verilog for a pin',
      { macros: [{ ...ONE_PORT, ties: { 'a), .b(': 1 } }] },
      'macros.0.ties.a), .b(',
      undefined,
    ],
    [
      'three ports',
      { macros: [{ ...ONE_PORT, ports: [port, port, port] }] },
      'macros.0.ports',
      undefined,
    ],
    ['no words', { macros: [{ ...ONE_PORT, words: 1 }] }, 'macros.0.words', undefined],
    ['a key that nobody knows', { macros: [{ ...ONE_PORT, depth: 1 }] }, 'macros.0', undefined],
    ['no macro', { macros: [] }, 'macros', undefined],
  ])('is refused with %s', async (_, list, field, expected) => {
    const report = await refusal(list);
    expect(report).toMatchObject({ code: 'MACROS', file, field });
    if (expected !== undefined) expect(report.expected).toMatch(expected);
    expect(report.message).toContain(field);
  });

  test('is refused where it is no JSON', async () => {
    expect(await refusal('{')).toMatchObject({ code: 'MACROS', file });
  });
});
