import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** A kind of cell by name, or its number of gates as one that everybody has. */
const NAMED = /\blstm\b|'gru(-\w+)?'|'(rnn|dense)-\w+'|GATE_COUNT|\bgates?\s*[=*]\s*4/i;

/** Who may name it: its members, the importers, the registries, who draws networks of them at random, and who explains. */
const MAY = [
  'network/cells/lstm.ts',
  'network/cells/lstm-peephole.ts',
  'network/cells/gru.ts',
  'network/cells/gru-before.ts',
  'network/cells/gru-relu.ts',
  'network/reset-before.ts',
  'network/cells/rnn.ts',
  'network/cells/dense.ts',
  'golden/cells/lstm.ts',
  'golden/cells/lstm-peephole.ts',
  'accelerator/cell/lstm/',
  'accelerator/cell/gru/',
  'network/import/',
  'network/cells/registry.ts',
  'network/float/cells/registry.ts',
  'golden/cells/registry.ts',
  'accelerator/cell/units.ts',
  'network/random.ts',
  'cli/random/',
  'cli/explain/texts/',
];

const files = readdirSync('generator', { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.ts') || path.endsWith('.js'),
);

test('no file outside of its members names a kind of cell, or counts its gates', () => {
  const found = files.filter(
    (path) =>
      !MAY.some((own) => path.startsWith(own)) &&
      NAMED.test(readFileSync(join('generator', path), 'utf8')),
  );
  expect(found).toEqual([]);
});

test('those that may are there', () => {
  for (const own of MAY) {
    const texts = files
      .filter((path) => path.startsWith(own))
      .map((path) => readFileSync(join('generator', path), 'utf8'));
    expect(texts.some((text) => NAMED.test(text))).toBe(true);
  }
});
