import { dirname, relative, resolve } from 'node:path';
import { Project } from 'ts-morph';
import { describe, expect, test } from 'vitest';

const root = resolve('generator');

/** What each folder may import besides itself and `base`, directly or through what it imports. */
const STANDS_ON: Readonly<Record<string, readonly string[]>> = {
  base: [],
  hdl: [],
  devices: [],
  sparsity: [],
  network: ['sparsity'],
  golden: ['network', 'sparsity'],
  accelerator: ['devices', 'hdl', 'network', 'sparsity'],
  design: ['accelerator', 'devices', 'hdl', 'network', 'sparsity'],
  cosim: ['design', 'golden', 'accelerator', 'devices', 'hdl', 'network', 'sparsity'],
  flow: ['design', 'accelerator', 'devices', 'hdl', 'network', 'sparsity'],
  report: [
    'cosim',
    'flow',
    'design',
    'golden',
    'accelerator',
    'devices',
    'hdl',
    'network',
    'sparsity',
  ],
  sweep: [
    'flow',
    'cosim',
    'design',
    'golden',
    'accelerator',
    'devices',
    'hdl',
    'network',
    'sparsity',
  ],
  api: [
    'cli',
    'report',
    'sweep',
    'flow',
    'cosim',
    'design',
    'golden',
    'accelerator',
    'devices',
    'hdl',
    'network',
    'sparsity',
  ],
  cli: [
    'report',
    'sweep',
    'flow',
    'cosim',
    'design',
    'golden',
    'accelerator',
    'devices',
    'hdl',
    'network',
    'sparsity',
  ],
};

/** Files of generator/ and the files of generator/ that each imports. */
function importGraph(): ReadonlyMap<string, readonly string[]> {
  const project = new Project({ skipFileDependencyResolution: true });
  project.addSourceFilesAtPaths(`${root}/**/*.ts`);
  return new Map(
    project.getSourceFiles().map((source) => {
      const path = source.getFilePath();
      const specifiers = [...source.getImportDeclarations(), ...source.getExportDeclarations()]
        .map((declaration) => declaration.getModuleSpecifierValue())
        .filter((specifier) => specifier?.startsWith('.'));
      return [
        relative(root, path),
        specifiers.map((specifier) =>
          relative(root, resolve(dirname(path), (specifier as string).replace(/\.js$/, '.ts'))),
        ),
      ];
    }),
  );
}

const graph = importGraph();
const folderOf = (file: string) => file.split('/', 1)[0] as string;

/** A way from `file` back to itself, or null. */
function cycleFrom(file: string, path: readonly string[], done: Set<string>): string[] | null {
  if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
  if (done.has(file)) return null;
  for (const next of graph.get(file) ?? []) {
    const cycle = cycleFrom(next, [...path, file], done);
    if (cycle !== null) return cycle;
  }
  done.add(file);
  return null;
}

describe('the house', () => {
  test('has only the folders that the architecture names', () => {
    const folders = [...graph.keys()].filter((file) => file.includes('/')).map(folderOf);
    expect([...new Set(folders)].filter((folder) => !(folder in STANDS_ON))).toEqual([]);
  });

  test('imports go down, never up', () => {
    const upward = [...graph].flatMap(([file, imports]) => {
      const allowed = STANDS_ON[folderOf(file)];
      if (allowed === undefined) return []; // index.ts, the public types
      return imports
        .filter((to) => ![folderOf(file), 'base', ...allowed].includes(folderOf(to)))
        .map((to) => `${file} -> ${to}`);
    });
    expect(upward).toEqual([]);
  });

  test('no imports go in a circle', () => {
    const done = new Set<string>();
    const cycles = [...graph.keys()].map((file) => cycleFrom(file, [], done));
    expect(cycles.filter((cycle) => cycle !== null)).toEqual([]);
  });

  test('every import leads to a file', () => {
    const lost = [...graph].flatMap(([file, imports]) =>
      imports.filter((to) => !graph.has(to)).map((to) => `${file} -> ${to}`),
    );
    expect(lost).toEqual([]);
  });
});
