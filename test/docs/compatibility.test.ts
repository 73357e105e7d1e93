import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BUS_VERSION } from '../../generator/accelerator/bus/register-map.js';
import { LOAD_FORMAT } from '../../generator/accelerator/load/records.js';
import { SCHEMA_VERSION } from '../../generator/cli/frame/report.js';
import { MANIFEST_SCHEMA } from '../../generator/design/manifest/manifest.js';
import { FORMATS } from '../../generator/network/compressed/metadata.js';

test('the page of compatibility names the versions that the program has', () => {
  const page = readFileSync('docs/compatibility.md', 'utf8');
  expect(page).toContain(`| writes format ${FORMATS.at(-1)} |`);
  expect(page).toContain(`reads formats ${FORMATS.join(' and ')};`);
  expect(page).toContain(`| schema ${MANIFEST_SCHEMA} |`);
  expect(page).toContain(`\`schemaVersion\` ${SCHEMA_VERSION} |`);
  expect(page).toContain(`| format ${LOAD_FORMAT}, in the head of each |`);
  expect(page).toContain(`register \`VERSION\` ${BUS_VERSION} |`);
});

test('the changelog says its form and has a part for what is not released', () => {
  const log = readFileSync('CHANGELOG.md', 'utf8');
  expect(log).toMatch(/Keep a Changelog.*\n?.*semantic versioning/i);
  expect(log).toMatch(/^## Unreleased$/m);
});
