import { describe, expect, test } from 'vitest';
import type { ChipMemories } from '../../../generator/accelerator/index.js';
import { parsePower } from '../../../generator/flow/asic/energy/cells-power.js';
import { frameEnergy } from '../../../generator/flow/asic/energy/frame-energy.js';
import { SELECTED } from '../../accelerator/support/macro-lists.js';

const LOG = `Warning: a line of four words 5
        Internal       Switching         Leakage           Total
 1.000000e+09 2.000000e-06 1.000000e-06 1.000000e+09 u_core/u_a/u_x.g_bank\\[0\\].u_macro
 1.000000e-05 3.000000e-06 1.000000e-09 1.300100e-05 u_core/u_a/sum\\[1\\]_reg
 2.000000e-05 0.000000e+00 1.000000e-09 2.000100e-05 u_core/busy_reg
 1.000000e-05 0.000000e+00 2.000000e-09 1.000200e-05 u_loader/_17_
 0.000000e+00 0.000000e+00 0.000000e+00 0.000000e+00 u_core/u_a
`;

const instance = 'u_core.u_a.u_x.g_bank[0].u_macro';
const kind = { module: 'selected', parameters: {}, words: 16, bits: 8, kind: 'ram' } as const;
const chip: ChipMemories = {
  blocks: [{ instance: 'u_a', module: 'd_a' }],
  macros: [
    {
      ...{ ...kind, name: 'selected', image: null, listed: true, area: 5, ports: [] },
      instances: [instance],
    },
  ],
  registers: [],
};

describe('the energy of a frame', () => {
  const energy = frameEnergy({
    chip,
    macros: [
      {
        ...{ macro: 'selected', kind: 'ram', words: 16, bits: 8, area: 5, assumed: false },
        instances: [instance],
      },
    ],
    measured: {
      activity: {
        ...{ design: 'd', designHash: 'h', frames: 8, cyclesPerFrame: 200 },
        macros: [
          { instance, macro: 'selected', ports: [{ reads: 100, writes: 0 }] },
          // synthesis has left nothing of it
          { instance: 'u_core.u_gone', macro: 'selected', ports: [{ reads: 100, writes: 0 }] },
        ],
      },
      list: { macros: [SELECTED] },
    },
    powers: new Map([
      ['selected', { leakage: 1000, energies: [{ pin: 'clk', when: '!csb', rise: 10, fall: 0 }] }],
    ]),
    cells: parsePower(LOG),
    ...{ powerMHz: 100, clockMHz: 50 },
  });
  const block = (name: string) => energy.blocks.find((one) => one.block === name);

  test('has macros as they were counted, and none of what OpenSTA says of them', () => {
    expect(block('u_a')?.macros).toBeCloseTo(1, 9);
    // 13 µW for 2 µs at the clock of the power
    expect(block('u_a')?.cells).toBeCloseTo(0.026, 9);
  });

  test('has leakage for the time of a frame at its own clock', () => {
    // 1 µW and 1 nW for 4 µs
    expect(block('u_a')?.leakage).toBeCloseTo(1e-3 * 4 + 1e-6 * 4, 9);
  });

  test('is of the core where it is in no block', () => {
    expect(block('u_core')?.cells).toBeCloseTo(0.06, 9);
    expect(energy.blocks.map((one) => one.block)).toEqual(['u_a', 'u_core']);
    const all = energy.blocks.reduce((sum, one) => sum + one.macros + one.cells + one.leakage, 0);
    expect(energy.total).toBeCloseTo(all, 9);
  });
});
