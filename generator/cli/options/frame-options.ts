import { flag } from './options.js';

/** How a frame array is read. */
export const frameOptions = {
  timeMajor: flag('frames are [frames, utterances, n], as of an LSTM without batch_first'),
};
