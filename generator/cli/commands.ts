import { compressCommand } from './compress/compress.js';
import { cosimCommand } from './cosim/cosim.js';
import { doctorCommand } from './doctor/doctor.js';
import { estimateCommand } from './estimate/estimate.js';
import { explainCommand } from './explain/explain.js';
import type { Command } from './frame/command.js';
import { generateCommand } from './generate/generate.js';
import { imagesCommand } from './images/images.js';
import { infoCommand } from './info/info.js';
import { inspectCommand } from './inspect/inspect.js';
import { randomCommand } from './random/random.js';
import { runCommand } from './run/run.js';
import { sweepBitsCommand } from './sweep-bits/sweep-bits.js';
import { synthCommand } from './synth/synth.js';

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
  doctorCommand,
  explainCommand,
];
