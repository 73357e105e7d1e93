import { readdirSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  checkDesign,
  DIAGNOSTICS,
  type DiagnosticCode,
  emitDesign,
  HdlError,
  severityOf,
  showDiagnostic,
} from '../../generator/hdl/index.js';
import type { RefusedDesign } from './refused/refused.js';

const FOLDER = 'test/hdl/refused';
const PAGE = 'docs/edsl/errors.md';
/** What stands above this line is written by hand, what follows by this test: `vitest run test/hdl/refused -u`. */
const WRITTEN = '<!-- written by test/hdl/refused.test.ts -->';

const fileOf = (code: string): string => `${code.toLowerCase().replaceAll('_', '-')}.ts`;
const codes = Object.keys(DIAGNOSTICS) as DiagnosticCode[];
const designs = new Map(
  await Promise.all(
    readdirSync(FOLDER)
      .filter((file) => file !== 'refused.ts')
      .map(
        async (file): Promise<[string, RefusedDesign]> => [
          file,
          (await import(`./refused/${basename(file, '.ts')}.ts`)) as RefusedDesign,
        ],
      ),
  ),
);

/** Line and column, counted from 1, of what follows `^` in the one line of a file that holds the text. */
function placeOf(file: string, blames: string): string {
  const lines = readFileSync(file, 'utf8').split('\n');
  const hits = lines.flatMap((line, n) => {
    const at = line.startsWith('  blames:') ? -1 : line.indexOf(blames.replace('^', ''));
    return at < 0 ? [] : [`${n + 1}:${at + blames.indexOf('^') + 1}`];
  });
  expect(hits, `lines of ${file} with ${blames}`).toHaveLength(1);
  return hits[0] as string;
}

describe('a design that is refused', () => {
  test('is there for every code', () => {
    expect([...designs.keys()].sort()).toEqual(codes.map(fileOf).sort());
  });

  test.each(codes)('for %s alone, at the line to blame', (code) => {
    const file = `${FOLDER}/${fileOf(code)}`;
    const { expected, design } = designs.get(fileOf(code)) as RefusedDesign;
    const [found, ...others] = checkDesign(design());
    expect(others).toEqual([]);
    const message = found?.message.replace(/:\d+:\d+/, ':LINE');
    expect({ ...found, message }).toEqual({
      code: expected.code,
      path: expected.path,
      message: expected.message,
      site: `${resolve(file)}:${placeOf(file, expected.blames)}`,
    });
    expect(expected.code).toBe(code);
  });

  test.each(codes)('%s: an error is thrown, a warning is handed over', (code) => {
    const { design } = designs.get(fileOf(code)) as RefusedDesign;
    if (severityOf(code) === 'error') expect(() => emitDesign(design())).toThrow(HdlError);
    else expect(emitDesign(design()).warnings.map((d) => d.code)).toEqual([code]);
  });

  test.each(codes)('%s: the report shows the word to blame', (code) => {
    const { expected, design } = designs.get(fileOf(code)) as RefusedDesign;
    const lines = showDiagnostic(checkDesign(design())[0] as never).split('\n');
    const blamed = lines.findIndex((line) => line.startsWith('  > '));
    const caret = lines[blamed + 1] as string;
    const word = (lines[blamed] as string).slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1);
    expect(expected.blames.split('^')[1]).toMatch(new RegExp(`^${word}\\b`));
    expect(lines[0]).toContain(`${severityOf(code)} ${code} in ${expected.path}: `);
    expect(lines.at(-1)).toBe(`  fix: ${DIAGNOSTICS[code].fix}`);
  });
});

function row(code: DiagnosticCode): string {
  const { severity, what, fix } = DIAGNOSTICS[code];
  return `| [${code}](#${code.toLowerCase()}) | ${severity} | ${what} | ${fix} |`;
}

function section(code: DiagnosticCode): string {
  const { design } = designs.get(fileOf(code)) as RefusedDesign;
  const reports = checkDesign(design()).map(showDiagnostic);
  const file = fileOf(code);
  return [
    `### ${code}`,
    '',
    `[${file}](../../${FOLDER}/${file})`,
    '',
    ['```text', ...reports, '```'].join('\n'),
    '',
  ].join('\n');
}

test(`${PAGE} has the table of codes and a report of each`, async () => {
  const [head] = readFileSync(PAGE, 'utf8').split(WRITTEN) as [string];
  const text = [
    `${head}${WRITTEN}`,
    '',
    '| code | severity | what is wrong | what to do |',
    '|---|---|---|---|',
    ...codes.map(row),
    '',
    '## Reports',
    '',
    codes.map(section).join('\n'),
  ].join('\n');
  await expect(text).toMatchFileSnapshot(resolve(PAGE));
});
