import { list } from './options.js';

/** How a float network is read. */
export const importOptions = {
  map: list(
    'which tensor or module of the file stands for lstm.weight_ih_l0, lstm, fc ...; fc=none: no output layer',
    'lstm=NAME',
  ),
};
