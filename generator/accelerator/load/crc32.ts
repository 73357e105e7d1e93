import { concat, type Expr, input, output, uint } from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';

/** Polynomial of CRC-32 (IEEE 802.3), reflected. */
const POLYNOMIAL = 0xed_b8_83_20;

/** What the register holds before the first bit. */
export const CRC_START = 0xff_ff_ff_ff;

/** What it holds after data with its own CRC-32 behind it, least significant byte first. */
export const CRC_RESIDUE = 0xde_bb_20_e3;

/** The register after `bits` bits of `data`, the least significant one first. */
export function crcAfter(register: number, data: number, bits: number): number {
  let crc = register;
  for (let n = 0; n < bits; n++) {
    const carry = (crc ^ (data >>> n)) & 1;
    crc = (crc >>> 1) ^ (carry === 1 ? POLYNOMIAL : 0);
  }
  return crc >>> 0;
}

/** One step of the CRC-32 of a stream over a beat of `bits` bits (8, 16 or 32). */
export function crc32(prefix: string, bits: number) {
  return defineBlock({
    name: `${prefix}_crc32`,
    doc: `Register of the CRC-32 of IEEE 802.3, reflected, after ${bits} more bits, the least significant one first. No cycle.`,
    parameters: {},
    ports: () => ({
      crc: input(uint(32), 'before them'),
      data: input(uint(bits)),
      result: output(uint(32), 'after them'),
    }),
    body: (m, _p, io) => {
      // the step is linear: bit r of the result is the sum of the bits that change it when they alone are set
      const column = (crc: number, data: number) => crcAfter(crc, data, bits);
      const sources: readonly (readonly [Expr<'u'>, number])[] = [
        ...Array.from({ length: 32 }, (_, n) => [io.crc.bit(n), column(2 ** n, 0)] as const),
        ...Array.from({ length: bits }, (_, n) => [io.data.bit(n), column(0, 2 ** n)] as const),
      ];
      const results = Array.from({ length: 32 }, (_, r) =>
        sources
          .filter(([, changed]) => ((changed >>> r) & 1) === 1)
          .map(([source]) => source)
          .reduce((a, b) => a.xor(b)),
      );
      m.assign(io.result, concat(...results.reverse()));
    },
  });
}
