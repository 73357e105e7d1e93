import { unexpected } from '../../base/errors.js';
import type { Model } from '../../network/model.js';
import { programOf } from '../../network/program.js';
import type { Configuration } from '../plan/configuration.js';
import type { DesignOptions } from '../plan/options.js';
import { STATE_INDEX_BITS, stateSizes } from './sizes.js';

const refused = (expected: string, got: string | number) =>
  unexpected({ code: 'DESIGN_OPTION', field: '--bus-states', expected, got });

/** @throws UserError DESIGN_OPTION where there is nothing to reach states by, or none to go on with */
export function checkBusStates(
  model: Model,
  {
    busStates = false,
    bus = 'none',
    residents = 1,
    order,
  }: Pick<DesignOptions, 'busStates' | 'bus' | 'residents' | 'order'>,
): void {
  if (!busStates) return;
  if (bus === 'none') {
    throw refused('--bus axi4lite beside it, whose registers reach the states', 'no bus');
  }
  if (order === 'sequence') {
    throw refused(
      '--order frames, as whole utterances begin with zeros and leave no state to go on with',
      '--order sequence',
    );
  }
  if (residents > 1) {
    throw refused(
      'one resident model, as another one starts the core anew: leave out --residents or --bus-states',
      `--residents ${residents}`,
    );
  }
  const goesOn = programOf(model).passes.some(({ operands }) =>
    operands.some(({ age }) => age === 1),
  );
  if (!goesOn) throw refused('a network with recurrent layers', 'none that keeps a state');
}

/** @throws UserError DESIGN_OPTION for more states than an address on the bus has numbers for */
export function checkStateSizes(c: Configuration): void {
  if (!c.busStates) return;
  const { indexBits, values, kept } = stateSizes(c);
  if (indexBits <= STATE_INDEX_BITS) return;
  throw refused(`fewer than ${2 ** STATE_INDEX_BITS} values of a frame`, Math.max(values, kept));
}
