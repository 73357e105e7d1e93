import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { patternKinds } from '../../generator/sparsity/kind-of.js';
import { patternPictures } from '../../scripts/drawing/patterns.js';

const drawn = patternPictures();

test.each([...drawn])('%s is a matrix as its kind draws it', (path, svg) => {
  expect(readFileSync(path, 'utf8'), 'scripts/pattern-pictures draws it again').toBe(svg);
});

test('docs/patterns.md shows every kind of the registry', () => {
  const page = readFileSync('docs/patterns.md', 'utf8');
  const shown = [...page.matchAll(/!\[\]\((patterns\/[\w-]+\.svg)\)/g)].map(([, path]) => path);
  expect(shown.map((path) => `docs/${path}`).sort()).toEqual([...drawn.keys()].sort());
  for (const { kind } of patternKinds()) expect(page).toContain(`--pattern ${kind}`);
});

test('a picture has as many kept weights as its title says', () => {
  for (const [path, svg] of drawn) {
    const [, kept] = /: (\d+) of 2048 weights kept</.exec(svg) ?? [];
    const widths = [...svg.matchAll(/width="(\d+)" height="11" fill="#1f5f99"/g)];
    const cells = widths.reduce((sum, [, width]) => sum + (Number(width) + 1) / 12, 0);
    expect(cells, path).toBe(Number(kept));
  }
});
