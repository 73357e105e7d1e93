import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PATTERNS } from '../../generator/sparsity/registry.js';

const PAGES = [
  'docs/architecture.md',
  'CONTRIBUTING.md',
  'docs/edsl/blocks.md',
  'docs/decisions.md',
];

/** Files that pages speak of as an example of what a reader would add. */
const EXAMPLES = /frame-counter|bank-balanced/;

/** Paths of this project in a page, as they are written. */
function pathsIn(page: string): readonly string[] {
  const text = readFileSync(page, 'utf8');
  const quoted = [...text.matchAll(/`((?:generator|templates|test|tb|scripts|docs)\/[\w./-]+)`/g)];
  return quoted.map(([, path]) => path as string).filter((path) => !EXAMPLES.test(path));
}

describe('pages for people who change the program', () => {
  test.each(PAGES)('%s names files that are there', (page) => {
    const paths = pathsIn(page).map((path) => path.replace('/NAME/', '/info/'));
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
    expect(paths.length).toBeGreaterThan(3);
  });

  test('the files of a member are complete: each registry names what the page lists', () => {
    const page = readFileSync('docs/architecture.md', 'utf8');
    for (const [registry, last] of [
      ['generator/network/cells/registry.ts', 'rnn'],
      ['generator/golden/cells/registry.ts', 'value'],
    ] as const) {
      const members = [...readFileSync(registry, 'utf8').matchAll(/from '\.\/([\w-]+)\.js'/g)]
        .map(([, name]) => name as string)
        .filter((name) => name !== 'cell');
      const grus = ['gru', 'gru-before', 'gru-relu'];
      expect(members).toEqual(['dense', ...grus, 'lstm', 'lstm-peephole', last]);
      expect(page).toContain(registry);
    }
  });

  test('the files of every pattern are on the page, and their registries', () => {
    const page = readFileSync('docs/architecture.md', 'utf8');
    for (const kind of Object.keys(PATTERNS)) {
      expect(page).toContain(`generator/sparsity/${kind}/${kind}.ts`);
    }
    const decoders = readFileSync('generator/accelerator/decoder/registry.ts', 'utf8');
    for (const [, path] of decoders.matchAll(/from '\.\/([\w-]+\/[\w-]+)\.js'/g)) {
      expect(page).toContain(`generator/accelerator/decoder/${path}.ts`);
    }
    const imported = [
      ...readFileSync('generator/sparsity/hcgs/hcgs.ts', 'utf8').matchAll(
        /from '\.\/([\w-]+)\.js'/g,
      ),
    ].map(([, name]) => `\`generator/sparsity/hcgs/${name}.ts\``);
    expect(imported.filter((file) => !page.includes(file))).toEqual([]);
    expect(page).toContain('generator/sparsity/registry.ts');
  });
});
