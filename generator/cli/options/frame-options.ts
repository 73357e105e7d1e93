import { flag, input } from './options.js';

/** How a frame array is read. */
export const frameOptions = {
  timeMajor: flag(
    'frames are [frames, utterances, n], as of a recurrent module without batch_first',
  ),
  lengths: input(
    'frames of each utterance, whole numbers: what lies behind them in the array is not read',
  ),
};
