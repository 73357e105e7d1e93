import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pictures } from '../../scripts/drawing/pictures.js';

const drawn = pictures();

test.each([...drawn])('%s is the schedule of its design', (path, svg) => {
  expect(readFileSync(path, 'utf8'), 'scripts/timelines draws it again').toBe(svg);
});

test('docs/time.md shows all of them', () => {
  const page = readFileSync('docs/time.md', 'utf8');
  const shown = [...page.matchAll(/!\[\]\((time\/[\w-]+\.svg)\)/g)].map(([, path]) => path);
  expect(shown.map((path) => `docs/${path}`).sort()).toEqual([...drawn.keys()].sort());
});

test('a picture has every cycle of the first array once', () => {
  for (const [path, svg] of drawn) {
    const array = [...svg.matchAll(/<rect x="([\d.]+)" y="34" width="([\d.]+)"/g)]
      .slice(1)
      .map(([, x, width]) => [Number(x), Number(width)] as const)
      .sort(([a], [b]) => a - b);
    expect(array.length, path).toBeGreaterThan(5);
    for (const [n, [x, width]] of array.entries()) {
      const next = array[n + 1]?.[0] ?? Number.POSITIVE_INFINITY;
      expect(x + width, path).toBeLessThanOrEqual(next + 0.02);
    }
  }
});
