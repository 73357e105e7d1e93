import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../../generator/base/package.js';
import { pictures } from './pictures.js';

const HELP = `scripts/timelines [--help]

Draws the pictures of docs/time.md again, from the schedule of the designs that they show. The tests hold them against it.`;

const { values } = parseArgs({ options: { help: { type: 'boolean', default: false } } });
if (values.help) console.log(HELP);
else {
  for (const [path, svg] of pictures()) {
    const file = join(packageRoot, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, svg);
    console.log(path);
  }
}
