import { commands } from './commands.js';
import { type Command, loaded } from './frame/command.js';

/** Every command with its options: all of the program is loaded. */
export const allCommands = (): Promise<readonly Command[]> => Promise.all(commands.map(loaded));
