import { addressBits, type Macro, type MacroAccess, type MacroList, type Tie } from './macro.js';

/**
 * SRAM macros of the IHP SG13G2 kit (130 nm, 1.2 V). Names, sizes, pins and areas are those of the public IHP-Open-PDK
 * (Apache-2.0), commit 5cccb161 of March 2026: Verilog and Liberty files of sg13g2_sram.
 */

/** Ports, words, bits, and area in µm². The ending says what it has: `bm` a mask of bits, `bist` pins for its own test. */
const SIZES: readonly (readonly [1 | 2, number, number, string, number])[] = [
  [1, 64, 64, 'c2_bm_bist', 50489.1328],
  [1, 256, 8, 'c3_bm_bist', 17546.88],
  [1, 256, 16, 'c2_bm_bist', 28127.104],
  [1, 256, 32, 'c2_bm_bist', 49488.4992],
  [1, 256, 48, 'c2_bm_bist', 70849.8944],
  [1, 256, 64, 'c2_bm_bist', 93180.5344],
  [1, 512, 8, 'c3_bm_bist', 26137.984],
  [1, 512, 16, 'c2_bm_bist', 45309.312],
  [1, 512, 32, 'c2_bm_bist', 79719.8976],
  [1, 512, 64, 'c2_bm_bist', 150102.4032],
  [1, 1024, 8, 'c2_bm_bist', 49419.2448],
  [1, 1024, 16, 'c2_bm_bist', 79673.728],
  [1, 1024, 32, 'c2_bm_bist', 140182.6944],
  [1, 1024, 64, 'c2_bm_bist', 263946.1408],
  [1, 2048, 64, 'c2_bm_bist', 491633.616],
  [1, 4096, 8, 'c3_bm_bist', 146413.44],
  [1, 4096, 16, 'c3_bm_bist', 257608.512],
  [1, 8192, 32, 'c4', 939914.928],
  [2, 64, 22, 'c2', 39383.8661],
  [2, 64, 32, 'c2', 52620.8821],
  [2, 256, 8, 'c2_bm_bist', 38147.5147],
  [2, 256, 16, 'c2_bm_bist', 57520.5515],
  [2, 256, 32, 'c2_bm_bist', 96266.6251],
  [2, 512, 8, 'c2_bm_bist', 57397.3309],
  [2, 512, 16, 'c2_bm_bist', 88481.5997],
  [2, 512, 32, 'c2_bm_bist', 150650.1373],
  [2, 1024, 16, 'c2_bm_bist', 155153.8157],
  [2, 1024, 32, 'c2_bm_bist', 264167.2813],
];

function access(port: string, masked: boolean): MacroAccess {
  return {
    clock: `${port}_CLK`,
    enable: `${port}_MEN`,
    writeEnable: `${port}_WEN`,
    readEnable: `${port}_REN`,
    address: `${port}_ADDR`,
    dataIn: `${port}_DIN`,
    dataOut: `${port}_DOUT`,
    ...(masked && { mask: { pin: `${port}_BM`, bits: 1 } }),
  };
}

/** The delay is the longer one; the pins of the test are low, its clock too. */
function ties(port: string, words: number, bits: number, tested: boolean): [string, Tie][] {
  const low = (count: number): Tie => ({ bits: count, value: 0 });
  const test = ['CLK', 'EN', 'MEN', 'WEN', 'REN'];
  return [
    [`${port}_DLY`, 1],
    ...(tested
      ? [
          ...test.map((pin): [string, Tie] => [`${port}_BIST_${pin}`, 0]),
          [`${port}_BIST_ADDR`, low(addressBits({ words }))] as [string, Tie],
          [`${port}_BIST_DIN`, low(bits)] as [string, Tie],
          [`${port}_BIST_BM`, low(bits)] as [string, Tie],
        ]
      : []),
  ];
}

const macros = SIZES.map(([count, words, bits, ending, area]): Macro => {
  const ports = ['A', 'B'].slice(0, count);
  const tested = ending.endsWith('_bist');
  return {
    name: `RM_IHPSG13_${count}P_${words}x${bits}_${ending}`,
    ...{ words, bits, latency: 1, area },
    ports: ports.map((port) => access(port, tested)),
    ties: Object.fromEntries(ports.flatMap((port) => ties(port, words, bits, tested))),
  };
});

/**
 * `registerBitArea`: memories of one write and one read port, 13 × 32 to 184 × 8 bits, come to 81.5 to 87.4 µm² a bit, as Yosys 0.23
 * and ABC map them to the kit's standard cells (typical, before layout).
 */
export const IHP_SG13G2: MacroList = { registerBitArea: 82, macros };
