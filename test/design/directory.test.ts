import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../../generator/base/errors.js';
import { contentHash, MANIFEST_SCHEMA } from '../../generator/design/manifest/manifest.js';
import { readDesign } from '../../generator/design/read/read.js';
import { writeDesign } from '../../generator/design/write/write.js';
import { laterRefusal } from '../support/refusal.js';
import { body } from './support/toy.js';

const files = new Map<string, string | Uint8Array>([
  ['rtl/toy.v', 'module toy; endmodule\n'],
  ['mem/weights_0.mem', '00\n01\n'],
  ['model.safetensors', new Uint8Array([1, 2, 3])],
]);

let parent: string;
let place: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'hcgs-design-'));
  place = join(parent, 'toy');
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

/** A process number that belongs to nobody. */
function deadProcess(): number {
  return spawnSync('true').pid;
}

describe('a design directory', () => {
  test('reads back as it was written', async () => {
    await writeDesign(place, body, files);
    const design = readDesign(place);
    expect(design.manifest).toMatchObject({ ...body, toolVersion: expect.any(String) });
    expect(Buffer.from(design.files.get('rtl/toy.v') as Uint8Array).toString()).toBe(
      files.get('rtl/toy.v'),
    );
    expect(readFileSync(design.modelPath)).toEqual(Buffer.from([1, 2, 3]));
  });

  test('has the same bytes wherever it is and in whatever order its files came', async () => {
    const one = await writeDesign(place, body, files);
    const other = await writeDesign(join(parent, 'b', 'toy'), body, new Map([...files].reverse()));
    expect(other).toBe(one);
    expect(one).not.toContain(parent);
  });

  test('is replaced as a whole, derived folders included', async () => {
    await writeDesign(place, body, files);
    mkdirSync(join(place, 'sim/build'), { recursive: true });
    writeFileSync(join(place, 'sim/build/x.o'), 'object');
    mkdirSync(join(place, 'build'));
    writeFileSync(join(place, 'build/of-fusesoc'), '');
    await writeDesign(place, { ...body, parameters: { macs: 8 } }, new Map([...files].slice(1)));
    expect(readDesign(place).manifest.parameters).toEqual({ macs: 8 });
    expect(existsSync(join(place, 'rtl'))).toBe(false);
    expect(existsSync(join(place, 'sim'))).toBe(false);
    expect(readdirSync(parent)).toEqual(['toy']);
  });

  test('goes where a symbolic link points', async () => {
    await writeDesign(place, body, files);
    symlinkSync(place, join(parent, 'link'));
    await writeDesign(join(parent, 'link'), { ...body, parameters: {} }, files);
    expect(readDesign(place).manifest.parameters).toEqual({});
  });
});

describe('nothing of the user is lost', () => {
  test.each([
    ['an edited file', 'DESIGN_EDITED', () => writeFileSync(join(place, 'rtl/toy.v'), 'mine')],
    ['a file of theirs', 'DESIGN_EDITED', () => writeFileSync(join(place, 'notes.txt'), 'mine')],
    ['a removed file', 'DESIGN_INCOMPLETE', () => rmSync(join(place, 'mem/weights_0.mem'))],
    ['another manifest', 'NOT_A_DESIGN', () => writeFileSync(join(place, 'design.json'), '{}')],
  ])('%s stops a replacement', async (_, code, edit) => {
    await writeDesign(place, body, files);
    edit();
    const before = readdirSync(place);
    expect(await laterRefusal(() => writeDesign(place, body, files))).toMatchObject({ code });
    expect(readdirSync(place)).toEqual(before);
    expect(readdirSync(parent)).toEqual(['toy']);
  });

  test('a directory that is no design stays', async () => {
    mkdirSync(place);
    writeFileSync(join(place, 'thesis.tex'), 'years of work');
    const report = await laterRefusal(() => writeDesign(place, body, files));
    expect(report).toMatchObject({ code: 'DESIGN_PLACE_TAKEN', file: place });
  });

  test('a file of that name stays', async () => {
    writeFileSync(place, 'a file');
    expect(await laterRefusal(() => writeDesign(place, body, files))).toMatchObject({
      code: 'DESIGN_PLACE_TAKEN',
    });
  });

  test('an empty directory is no obstacle', async () => {
    mkdirSync(place);
    await writeDesign(place, body, files);
    expect(readDesign(place).manifest.name).toBe('toy');
  });
});

test('line ends that git has changed are told from edits', () => {
  const path = join(place, 'lines');
  return writeDesign(path, body, files).then(() => {
    const file = join(path, 'rtl/toy.v');
    const text = readFileSync(file, 'utf8');
    const code = () => {
      try {
        readDesign(path, {});
      } catch (error) {
        if (error instanceof UserError) return error.report.code;
        throw error;
      }
      return 'none';
    };
    writeFileSync(file, text.replaceAll('\n', '\r\n'));
    expect(code()).toBe('DESIGN_LINE_ENDS');
    writeFileSync(file, `${text.replaceAll('\n', '\r\n')}// mine\r\n`);
    expect(code()).toBe('DESIGN_EDITED');
  });
});

describe('after a killed run', () => {
  test('what it left is cleared up', async () => {
    mkdirSync(join(parent, `.toy.tmp-${deadProcess()}`));
    await writeDesign(place, body, files);
    expect(readdirSync(parent)).toEqual(['toy']);
  });

  test('a design that was just moved aside comes back', async () => {
    const { renameSync } = await import('node:fs');
    await writeDesign(place, body, files);
    renameSync(place, join(parent, `.toy.old-${deadProcess()}`));
    expect(readDesign(place).manifest.name).toBe('toy');
  });

  test('a process that still writes is left alone', async () => {
    mkdirSync(join(parent, `.toy.tmp-${process.ppid}`));
    await writeDesign(place, body, files);
    expect(readdirSync(parent)).toContain(`.toy.tmp-${process.ppid}`);
  });
});

describe('reading refuses', () => {
  const change = (edit: (manifest: Record<string, unknown>) => void, sign = true) => {
    const file = join(place, 'design.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    edit(manifest);
    if (sign) manifest.designHash = contentHash(manifest);
    writeFileSync(file, JSON.stringify(manifest));
  };
  const cases: readonly [string, string, string | undefined, () => void][] = [
    [
      'an edited memory image',
      'DESIGN_EDITED',
      'sha256',
      () => writeFileSync(join(place, 'mem/weights_0.mem'), '7'),
    ],
    [
      'an edited manifest',
      'DESIGN_EDITED',
      'designHash',
      () =>
        change((m) => {
          m.name = 'other';
        }, false),
    ],
    [
      'a later schema',
      'DESIGN_VERSION',
      'schemaVersion',
      () =>
        change((m) => {
          m.schemaVersion = MANIFEST_SCHEMA + 1;
        }),
    ],
    [
      'another tool version',
      'DESIGN_VERSION',
      'toolVersion',
      () =>
        change((m) => {
          m.toolVersion = '0.0.9';
        }),
    ],
    [
      'a field of the wrong type',
      'NOT_A_DESIGN',
      'layers',
      () =>
        change((m) => {
          m.layers = 3;
        }),
    ],
    [
      'a path out of the directory',
      'NOT_A_DESIGN',
      undefined,
      () =>
        change((m) => {
          m.files = { '../x': '0'.repeat(64) };
        }),
    ],
    [
      'a manifest that is no JSON',
      'NOT_A_DESIGN',
      undefined,
      () => writeFileSync(join(place, 'design.json'), '{"schema'),
    ],
    [
      'a directory without a manifest',
      'NOT_A_DESIGN',
      undefined,
      () => rmSync(join(place, 'design.json')),
    ],
    ['no directory', 'NOT_A_DESIGN', undefined, () => rmSync(place, { recursive: true })],
  ];
  test.each(cases)('%s', async (_, code, field, edit) => {
    await writeDesign(place, body, files);
    edit();
    const report = await laterRefusal(() => readDesign(place));
    expect(report).toMatchObject(field === undefined ? { code } : { code, field });
  });
});
