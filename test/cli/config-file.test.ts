import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../generator/base/errors.js';
import { readConfigFile } from '../../generator/cli/frame/config-file.js';
import { designConfigSchema } from '../../generator/design/manifest/config.js';

const design = { type: 'DesignConfig', schema: designConfigSchema } as const;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-config-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
function write(text: string, ending = '.ts'): string {
  const file = join(folder, `design-${count++}${ending}`);
  writeFileSync(file, text);
  return file;
}

async function failure(file: string) {
  try {
    await readConfigFile(file, design);
  } catch (error) {
    if (error instanceof UserError) return error.report;
    throw error;
  }
  throw new Error('no error');
}

describe('a configuration file', () => {
  test('gives the values of its default export', async () => {
    const file = write(`import type { DesignConfig } from 'hcgs';
const lanes: number = 2 ** 2;
export default { macs: 64, cellLanes: lanes } satisfies DesignConfig;
`);
    expect(await readConfigFile(file, design)).toEqual({ macs: 64, cellLanes: 4 });
  });

  test.each([
    [
      'a wrong type',
      2,
      /string.*not assignable.*number/,
      `import type { DesignConfig } from 'hcgs';\nexport default { macs: '64' } satisfies DesignConfig;\n`,
    ],
    [
      'an unknown field',
      4,
      /mac/,
      `import type { DesignConfig } from 'hcgs';\n\nconst config: DesignConfig = {\n  mac: 64,\n};\nexport default config;\n`,
    ],
    [
      'a wrong type nobody declared',
      3,
      /not assignable/,
      `const macs = 'many';\n\nexport default { macs };\n`,
    ],
    ['no default export', 1, /default export/, `export const macs = 64;\n`],
    ['a syntax error', 2, /expected/, `\nexport default { macs: 64;\n`],
    [
      'an import of a value',
      1,
      /'.\/other.js'/,
      `import { macs } from './other.js';\nexport default { macs };\n`,
    ],
  ])('%s is an error with its line', async (_, line, message, text) => {
    const file = write(text);
    writeFileSync(join(folder, 'other.ts'), 'export const macs = 4;\n');
    const report = await failure(file);
    expect(report.message).toContain(`${file}:${line}: `);
    expect(report.message).toMatch(message);
    expect(report.file).toBe(file);
  });

  test.each(['.ts', '.mts', '.js', '.mjs'])('is a module in a file of %s', async (ending) => {
    const typed = ending.endsWith('ts');
    const file = write(
      `${typed ? "import type { DesignConfig } from 'hcgs';\n" : ''}import { cpus } from 'node:os';
const many = cpus().length > 0 && process.env.NO_CPUS === undefined;
export default { macs: many ? 8 : 4 }${typed ? ' satisfies DesignConfig' : ''};
`,
      ending,
    );
    expect(await readConfigFile(file, design)).toEqual({ macs: 8 });
    const wrong = write(`export default { macs: 'many' };\n`, ending);
    const code = typed ? 'CONFIG_TYPES' : 'CONFIG_VALUE';
    expect(await failure(wrong)).toMatchObject({ code, message: expect.stringContaining('macs') });
    const broken = await failure(write('\nexport default { macs: 8;\n', ending));
    expect(broken).toMatchObject({
      code: 'CONFIG_TYPES',
      message: expect.stringContaining(':2: '),
    });
  });

  test.each([
    ['.mjs', `\nimport { macs } from './other.js';\nexport default { macs };\n`],
    ['.js', `\nimport zod from 'zod';\nexport default { macs: zod };\n`],
    ['.js', `\nexport { default } from './other.js';\n`],
  ])('in a file of %s imports no other file and no package', async (ending, text) => {
    const { code, message } = await failure(write(text, ending));
    expect([code, message]).toEqual(['CONFIG_IMPORT', expect.stringMatching(/:2: /)]);
  });

  test.each(['.cjs', '.cts', '.json', '.yaml', ''])('is not one of %s', async (ending) => {
    const report = await failure(write('module.exports = { macs: 8 };\n', ending));
    expect(report).toMatchObject({
      code: 'CONFIG_KIND',
      expected: expect.stringContaining('.mjs'),
    });
  });

  test('values that types cannot exclude are named', async () => {
    const report = await failure(write('export default { macs: 6.5 };\n'));
    expect(report).toMatchObject({ code: 'CONFIG_VALUE', field: 'macs' });
  });

  test('an exception in it is reported as one', async () => {
    const report = await failure(write("throw new Error('no idea');\nexport default {};\n"));
    expect(report).toMatchObject({ code: 'CONFIG_FAILED' });
    expect(report.message).toContain('no idea');
  });

  test('a missing file is reported', async () => {
    const report = await failure(join(folder, 'none.ts'));
    expect(report).toMatchObject({ code: 'FILE_MISSING', file: join(folder, 'none.ts') });
  });
});
