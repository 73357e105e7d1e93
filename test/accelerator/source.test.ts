import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emitVerilog, planDesign } from '../../generator/accelerator/index.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';

const options: RandomOptions = {
  inputs: 16,
  hidden: [16, 16],
  patterns: [
    {
      kind: 'hcgs',
      blocks: [8, 4],
      keep: [
        { k: 1, n: 2 },
        { k: 1, n: 2 },
      ],
    },
  ],
  sharing: 'shared',
  outputs: 5,
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  seed: 1,
};
type Files = ReadonlyMap<string, string>;
type Both = { readonly plain: Files; readonly located: Files };
const { configuration } = planDesign(randomModel(options), { name: 'mini', macs: 64 });
const here: Both = {
  plain: emitVerilog(configuration),
  located: emitVerilog(configuration, { source: true }),
};

const folder = mkdtempSync(join(tmpdir(), 'hcgs-source-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The same design by another program, whose `generator` is a folder of .ts or .js files. */
async function emitted(program: string, generator: string): Promise<Both> {
  const module = (path: string) => JSON.stringify(join(generator, path));
  const script = `
    const { emitVerilog, planDesign } = await import(${module('accelerator/index.js')});
    const { randomModel } = await import(${module('network/random.js')});
    const model = randomModel(${JSON.stringify(options)});
    const { configuration } = planDesign(model, { name: 'mini', macs: 64 });
    const files = (source) => [...emitVerilog(configuration, { source })];
    console.log(JSON.stringify([files(false), files(true)]));
  `;
  const file = join(folder, 'emit.mjs');
  writeFileSync(file, script);
  const { stdout } = await execa(program, [file], { cwd: folder });
  const [plain, located] = JSON.parse(stdout);
  return { plain: new Map(plain), located: new Map(located) };
}
const tsx = resolve('node_modules/.bin/tsx');

/** A copy of a folder of this package as a package of its own. */
function copyOf(source: string, name: string): string {
  const root = join(folder, name);
  mkdirSync(root);
  cpSync(source, join(root, source), { recursive: true });
  cpSync('package.json', join(root, 'package.json'));
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
  return join(root, source);
}

const isLocator = (line: string): boolean => /^ *\/\/ @\[.*\]$/.test(line);
/** The Verilog alone: a comment of the source can stand beside the locators. */
const withoutComments = (text: string | undefined): string =>
  (text ?? '')
    .split('\n')
    .filter((line) => !/^ *\/\//.test(line))
    .join('\n');
const modules = [...here.located].filter(([path]) => path.endsWith('.v'));

describe('Verilog with its source lines', () => {
  test('as kept for people to read', async () => {
    await expect(here.located.get('rtl/mini_mac_array.v')).toMatchFileSnapshot(
      'golden/with-source/mini_mac_array.v',
    );
  });

  test.each(modules)('%s is the plain text but for lines of their own', (path, text) => {
    expect(withoutComments(text)).toBe(withoutComments(here.plain.get(path)));
    expect(here.plain.get(path)).not.toContain('@[');
    const lines = text.split('\n');
    const share = lines.filter(isLocator).length / lines.length;
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(0.2);
  });

  test.each(modules)('%s names lines that describe hardware', (_, text) => {
    for (const [, path, line] of text.matchAll(/@\[(.*):(\d+)\]/g)) {
      expect(path).toMatch(/^generator\/accelerator\//);
      const [source] = readFileSync(path as string, 'utf8')
        .split('\n')
        .slice(Number(line) - 1);
      expect(source).toMatch(/[.\s](\w+\.)*\w+\(/);
    }
  });

  test('the line of an always block is the line that makes it', () => {
    const text = here.located.get('rtl/mini_mac_array.v') as string;
    const blocks = [...text.matchAll(/@\[(.*):(\d+)\]\n *always @/g)];
    expect(blocks.length).toBeGreaterThan(1);
    for (const [, path, line] of blocks) {
      const source = readFileSync(path as string, 'utf8').split('\n')[Number(line) - 1];
      expect(source).toContain('.always(');
    }
  });
});

describe('the same text', () => {
  beforeAll(() => execa('scripts/build'));

  test('under tsx, in another working directory', async () => {
    expect(await emitted(tsx, resolve('generator'))).toEqual(here);
  });

  test('by the built package on plain Node', async () => {
    expect(await emitted('node', resolve('dist'))).toEqual(here);
  });

  test('by a package that lies elsewhere and has no sources with it', async () => {
    expect(await emitted('node', copyOf('dist', 'elsewhere'))).toEqual(here);
  });

  test('but without source lines where the maps are gone', async () => {
    const dist = copyOf('dist', 'mapless');
    for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
      if (file.endsWith('.map')) rmSync(join(dist, file));
    }
    const { plain, located } = await emitted('node', dist);
    expect(plain).toEqual(here.plain);
    expect(located).toEqual(here.plain);
  });

  test('by a package that lies elsewhere and was built without the index of names', async () => {
    const dist = copyOf('dist', 'indexless');
    rmSync(join(dist, 'bindings.json'));
    expect(await emitted('node', dist)).toEqual(here);
  });
});

describe('a signal that has nothing to do with the others, and a variable with another name', () => {
  const FILE = 'accelerator/datapath/sum-cycles.ts';
  const before = 'const firstLine =';
  const added = ['const spare = m.wire(io.valid.not());', "m.unused('spare', spare);"];
  const RENAMED = 'accelerator/stream/busy-counter.ts';
  /** The Verilog as it was, but for the variable with another name. */
  const was = (files: Files, path: string): string =>
    (files.get(path) as string).replaceAll('frames_inside', 'frames_within');
  let changed: Both;
  let at: number;
  beforeAll(async () => {
    const generator = copyOf('generator', 'changed');
    const lines = readFileSync(join(generator, FILE), 'utf8').split('\n');
    at = lines.findIndex((line) => line.includes(before));
    expect(at).toBeGreaterThan(0);
    lines.splice(at, 0, ...added);
    writeFileSync(join(generator, FILE), lines.join('\n'));
    const renamed = join(generator, RENAMED);
    const block = readFileSync(renamed, 'utf8');
    expect(block).toContain('const framesInside = m.reg(');
    writeFileSync(renamed, block.replaceAll('framesInside', 'framesWithin'));
    changed = await emitted(tsx, generator);
  });

  test('change no line but their own', () => {
    expect(changed.plain.get('rtl/mini_busy_counter.v')).toContain('] frames_within;');
    for (const [path, text] of changed.plain) {
      const before = was(here.plain, path).split('\n');
      const now = text.split('\n');
      if (path !== 'rtl/mini_mac_array.v') expect(now).toEqual(before);
      else {
        const own = now.filter((line) => line.includes('spare'));
        expect(own).toEqual([
          '  wire spare = !valid;',
          "  wire unused_spare = &{1'b0, spare, 1'b0};",
        ]);
        expect(now.filter((line) => !line.includes('spare'))).toEqual(before);
      }
    }
  });

  test('and move the line numbers below them in their file', () => {
    for (const [path, text] of changed.located) {
      const moved = was(here.located, path).replace(
        /@\[generator\/accelerator\/datapath\/sum-cycles\.ts:(\d+)\]/g,
        (all, line) =>
          Number(line) > at ? all.replace(line, String(Number(line) + added.length)) : all,
      );
      const rest = text.split('\n').filter((line) => !line.includes('spare'));
      // what stood first in its group now stands below the new signal
      expect(without(rest, `@[generator/${FILE}:${at + 1}]`)).toEqual(
        without(moved.split('\n'), `@[generator/${FILE}:${at + 1 + added.length}]`),
      );
    }
  });
  const without = (lines: readonly string[], part: string) =>
    lines.filter((line) => !line.includes(part));
});
