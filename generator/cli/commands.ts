import type { Command } from './command.js';

/** Every command of the program, in the order of the help text. */
export const commands: readonly Command[] = [];
