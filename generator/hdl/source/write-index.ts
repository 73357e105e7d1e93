import { writeFileSync } from 'node:fs';
import { indexOf } from './binding-index.js';

/** Run by scripts/build: writes the index of bindings of this package to the file that it is given. */
writeFileSync(process.argv[2] as string, `${JSON.stringify(indexOf('generator'))}\n`);
