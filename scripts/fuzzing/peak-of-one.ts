import { readFileSync } from 'node:fs';
import { UserError } from '../../generator/base/errors.js';
import { READERS } from './readers.js';

// reads one input and prints how many bytes the process had in memory at most
const [target = '', path = ''] = process.argv.slice(2);
try {
  READERS[target as keyof typeof READERS](readFileSync(path));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
}
console.log(1024 * process.resourceUsage().maxRSS);
