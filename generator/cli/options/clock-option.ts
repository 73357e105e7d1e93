import { real } from './options.js';

/** A clock for figures in time. */
export const clockOption = {
  clockMhz: real('clock, MHz: figures in time as well', {
    min: 0.001,
    max: 100_000,
    valueName: 'MHZ',
  }),
} as const;
