import { bit, input, output, uint } from '../../hdl/index.js';
import { LOAD_WORD } from '../load/rows.js';
import { bitsOf } from '../plan/configuration.js';
import { STATE_CAUSE_BITS, type StateSizes } from './sizes.js';

/** What asks for states, and what is said to it. `asked`: direction of what asks. */
function statePorts(
  { indexBits, kept, lanes, streams }: StateSizes,
  asked: typeof input,
  said: typeof input,
) {
  return {
    state_read: asked(bit, 'a state is asked for, until it is done'),
    state_write: asked(bit, 'a state is to be written, until it is done'),
    state_index: asked(uint(indexBits), 'which one of its stream'),
    ...(streams > 1 ? { state_stream: asked(uint(bitsOf(streams)), 'its stream') } : {}),
    ...(kept > 0 ? { state_kept: asked(bit, 'what a cell keeps, not its value') } : {}),
    ...(lanes > 1
      ? { state_moved: asked(bit, 'the index is set: a word that is collected is none any more') }
      : {}),
    state_data: asked(uint(LOAD_WORD), 'what is to be written'),
    state_read_done: said(bit),
    state_write_done: said(bit),
    state_cause: said(uint(STATE_CAUSE_BITS), 'with either: why it is refused; 0: it is not'),
    state_value: said(uint(LOAD_WORD), 'what was read'),
  };
}

/** Ports of a core whose states can be reached. */
export const stateAskedPorts = (sizes: StateSizes) => statePorts(sizes, input, output);

/** Ports of what reaches them. */
export const stateAskingPorts = (sizes: StateSizes) => statePorts(sizes, output, input);
