import type { Macro, MacroAccess } from '../../../generator/devices/macros/macro.js';

/** A port with pins of every kind, in the letters of its name. */
export function fullPort(name: string, maskBits = 1): MacroAccess {
  return {
    clock: name === 'a' ? 'clk' : `${name}_clk`,
    enable: `${name}_en`,
    writeEnable: `${name}_we`,
    readEnable: `${name}_re`,
    address: `${name}_ad`,
    dataIn: `${name}_di`,
    dataOut: `${name}_do`,
    mask: { pin: `${name}_mask`, bits: maskBits },
  };
}

/** A macro of one port that reads and writes. */
export const ONE_PORT: Macro = {
  ...{ name: 'one_port', words: 8, bits: 6, latency: 1 },
  ports: [fullPort('a', 3)],
  ties: { dly: 1, bist: { bits: 4, value: 0 } },
};

/** Two ports of which either reads and writes. */
export const TWO_PORTS: Macro = {
  ...{ name: 'two_ports', words: 8, bits: 6, latency: 1 },
  ports: [fullPort('a'), fullPort('b')],
};

/** One port that writes and one that reads, both active low, in as few pins as can be; words are no power of two. */
export const WRITE_AND_READ: Macro = {
  ...{ name: 'write_and_read', words: 6, bits: 4, latency: 1 },
  ports: [
    {
      ...{ clock: 'clk', address: 'w_ad', dataIn: 'w_di' },
      enable: { pin: 'w_csb', active: 'low' },
      mask: { pin: 'w_mask_n', bits: 2, active: 'low' },
    },
    {
      ...{ clock: 'r_clk', address: 'r_ad', dataOut: 'r_do' },
      readEnable: { pin: 'r_reb', active: 'low' },
    },
  ],
};

/** One port with a chip select and a write enable, both active low, as memory compilers have them. */
export const SELECTED: Macro = {
  ...{ name: 'selected', words: 16, bits: 8, latency: 1 },
  ports: [
    {
      ...{ clock: 'clk', address: 'ad', dataIn: 'di', dataOut: 'do_0' },
      enable: { pin: 'csb', active: 'low' },
      writeEnable: { pin: 'web', active: 'low' },
    },
  ],
};
