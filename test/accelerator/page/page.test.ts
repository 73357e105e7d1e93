import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const PAGE = 'docs/edsl/blocks.md';
const page = readFileSync(PAGE, 'utf8');

/** Files of this folder as they would look in their place, by the path that the page names. */
const SHOWN: Readonly<Record<string, string>> = {
  'generator/accelerator/stream/frame-counter.ts': placed('frame-counter.ts', [
    ['../../../generator/hdl/', '../../hdl/'],
    ['../../../generator/accelerator/build/', '../build/'],
  ]),
  'test/accelerator/blocks/frame-counter.test.ts': placed('frame-counter.test.ts', [
    ['./frame-counter.js', '../../../generator/accelerator/stream/frame-counter.js'],
  ]),
};

function placed(file: string, imports: readonly (readonly [string, string])[]): string {
  const text = readFileSync(`test/accelerator/page/${file}`, 'utf8');
  return imports.reduce((all, [from, to]) => all.replace(from, to), text);
}

test(`${PAGE} shows the block and the test that run here`, async () => {
  let shown = page;
  for (const [path, text] of Object.entries(SHOWN)) {
    expect(page).toContain(`\`${path}\``);
    const block = new RegExp(`(\`${path}\`[\\s\\S]*?\`\`\`ts\\n)[\\s\\S]*?(^\`\`\`$)`, 'm');
    shown = shown.replace(block, (_, before: string, after: string) => before + text + after);
  }
  await expect(shown).toMatchFileSnapshot(resolve(PAGE));
});

test('every file that the page names is there, but those it tells you to write', () => {
  const named = [...page.matchAll(/`((?:generator|test|docs)\/[\w./-]+)`/g)].map(
    ([, path]) => path,
  );
  expect(named.length).toBeGreaterThan(20);
  const written = [...Object.keys(SHOWN), ...['bank-balanced', 'gru']];
  const missing = named.filter(
    (path) => !existsSync(path as string) && !written.some((w) => path?.includes(w)),
  );
  expect(missing).toEqual([]);
});
