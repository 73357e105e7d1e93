import { output } from './options.js';

/** Of commands whose results `report` reads: the program writes the file when the command is done. */
export const jsonFileOption = {
  jsonFile: output('what --json prints, into FILE, beside the text: hcgs report reads it'),
};
