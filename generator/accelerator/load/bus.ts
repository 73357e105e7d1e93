import { bit, type Int, input, integer, uint } from '../../hdl/index.js';
import { MATCHES, matched } from '../images/matches.js';
import { bitsOf } from '../plan/configuration.js';
import type { LoadBusWidths } from './layout.js';

/** Ports and parameters of the wires that lead a load from the loader down to the memories, the same in every module on the way. */
export const BUS_PARAMETERS = [
  'STORE_NUMBER_BITS',
  'STORE_ADDRESS_BITS',
  'STORE_DATA_BITS',
] as const;

/** Parameters of a module on the way. */
export function busParameters({ number, address, data }: LoadBusWidths) {
  const width = (bits: number, doc: string) => matched(integer(bits, doc), MATCHES.nothing);
  return {
    STORE_NUMBER_BITS: width(number, 'Bits of the number of a store'),
    STORE_ADDRESS_BITS: width(address, 'Bits of the address of a word in the deepest store'),
    STORE_DATA_BITS: width(data, 'Bits of a word of the widest store, in whole 32 bits'),
  };
}

/** Bits of a resident place. */
export function placeBits(residents: number): number {
  return bitsOf(residents);
}

/** Ports of a module on the way, inputs all of them. */
export function busPorts(
  p: Readonly<Record<(typeof BUS_PARAMETERS)[number], Int>>,
  residents: number,
) {
  return {
    store_write: input(bit, 'a word for a store'),
    store_number: input(uint(p.STORE_NUMBER_BITS), 'the store'),
    store_address: input(uint(p.STORE_ADDRESS_BITS), 'the word'),
    store_data: input(uint(p.STORE_DATA_BITS), 'what it is to hold'),
    ...(residents > 1
      ? {
          store_place: input(uint(placeBits(residents)), 'the resident place that it belongs to'),
          model: input(uint(placeBits(residents)), 'the resident place that is read'),
        }
      : {}),
  };
}
