import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../../generator/base/package.js';
import { patternPictures } from './patterns.js';

const HELP = `scripts/pattern-pictures [--help]

Draws the pictures of docs/patterns.md again: a small random matrix of each kind of pattern. The tests hold them against it.`;

const { values } = parseArgs({ options: { help: { type: 'boolean', default: false } } });
if (values.help) console.log(HELP);
else {
  for (const [path, svg] of patternPictures()) {
    const file = join(packageRoot, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, svg);
    console.log(path);
  }
}
