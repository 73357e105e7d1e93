import { list } from './options.js';

/** How a float network is read. */
export const importOptions = {
  map: list(
    'what a module or tensor of the file is: lstm=, fc= or fc=none, frames=, norm=, outside=A,B, lstm.weight_ih_l0= ...',
    'lstm=NAME',
  ),
};
