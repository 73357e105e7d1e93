import type { Command } from './command.js';
import { compressCommand } from './compress.js';
import { cosimCommand } from './cosim.js';
import { estimateCommand } from './estimate.js';
import { generateCommand } from './generate.js';
import { imagesCommand } from './images.js';
import { infoCommand } from './info.js';
import { inspectCommand } from './inspect.js';
import { randomCommand } from './random.js';
import { runCommand } from './run.js';
import { sweepBitsCommand } from './sweep-bits.js';
import { synthCommand } from './synth.js';

/** Every command of the program, in the order of the help text. */
export const commands: readonly Command[] = [
  inspectCommand,
  compressCommand,
  sweepBitsCommand,
  randomCommand,
  runCommand,
  infoCommand,
  estimateCommand,
  generateCommand,
  imagesCommand,
  cosimCommand,
  synthCommand,
];
