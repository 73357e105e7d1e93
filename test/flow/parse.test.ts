import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { criticalPathLines } from '../../generator/cli/text/critical-path-text.js';
import { ECP5 } from '../../generator/devices/ecp5.js';
import { ICE40 } from '../../generator/devices/ice40.js';
import { cellsByBlock } from '../../generator/flow/report/by-block.js';
import {
  nextpnrStage,
  parseReport,
  parseUtilization,
} from '../../generator/flow/report/parse-nextpnr.js';
import { parseStat } from '../../generator/flow/report/parse-stat.js';
import { type FlowReport, reached } from '../../generator/flow/report/report.js';
import { signalName } from '../../generator/flow/report/signal-name.js';
import { complaint } from '../../generator/flow/tools/run-tool.js';

const recorded = (file: string) => readFileSync(`test/flow/recorded/${file}`, 'utf8');

describe('the report of nextpnr', () => {
  test('for ECP5 gives Fmax, use and the path between registers, below the wrapper', () => {
    const { fmaxMHz, utilization, criticalPath } = parseReport(
      recorded('nextpnr-ecp5.json'),
      'u_design',
    );
    expect(fmaxMHz).toBe(121.82);
    expect(utilization.MULT18X18D).toEqual({ used: 7, available: 28 });
    const lane = 'u_core.u_cells.g_lane[0].u_lane';
    expect(criticalPath).toMatchObject({
      delayNs: 8.21,
      from: `${lane}.gate_f`,
      to: `${lane}.keep`,
    });
    expect(criticalPath?.segments).toHaveLength(5);
    expect(criticalPath?.segments[1]).toEqual({
      ...{ kind: 'routing', delayNs: 1.97, net: `${lane}.gate_f[2][2]` },
      from: `${lane}.gate_f_TRELLIS_FF_Q_11.Q`,
      to: 'u_core.u_cells.g_lane[0].cell_now_MULT18X18D_B0.A2',
      // of the design: not the wrapper, not the libraries of Yosys
      sources: ['rtl/sm_core.v:384.18-412.4', 'rtl/sm_lstm_lane.v:96.21-96.27'],
    });
  });

  test('for iCE40 has the same form', () => {
    const { fmaxMHz, criticalPath } = parseReport(recorded('nextpnr-ice40.json'), 'u_design');
    expect(fmaxMHz).toBe(38.01);
    expect(criticalPath?.to).toBe('u_core.u_cells.g_lane[0].u_lane.u_gate_f.product');
  });

  test('takes the path from register to register, wherever it stands, of the slowest clock', () => {
    const report = JSON.parse(recorded('nextpnr-ecp5.json'));
    report.critical_paths.reverse();
    report.fmax.other = { achieved: 200 };
    const { fmaxMHz, criticalPath } = parseReport(JSON.stringify(report), 'u_design');
    expect(fmaxMHz).toBe(121.82);
    expect(criticalPath?.delayNs).toBe(8.21);
  });

  test('of a design without a path between registers has neither clock nor path', () => {
    const text = JSON.stringify({ fmax: {}, utilization: {}, critical_paths: [] });
    expect(parseReport(text, 'u_design')).toMatchObject({ fmaxMHz: null, criticalPath: null });
  });

  test('is shown by signals, steps of one signal together, with nothing left out', () => {
    const { criticalPath } = parseReport(recorded('nextpnr-ecp5.json'), 'u_design');
    const lines = criticalPathLines(criticalPath).join('\n').split('\n');
    expect(lines[0]).toMatch(/^critical path, 8.21 ns, from .*gate_f to .*keep$/);
    const nanoseconds = lines.slice(2).flatMap((line) => line.match(/\d+\.\d+(?= ns)/g) ?? []);
    expect(nanoseconds.map(Number).reduce((a, b) => a + b)).toBeCloseTo(8.21, 2);
    expect(lines.length).toBeLessThan(7);
  });
});

const LOG = `Info: Packing constants..
Info: Device utilisation:
Info: \t         ICESTORM_LC:  3372/ 1280   263%
Info: \t        ICESTORM_RAM:    10/   16    62%

Info: Placed 0 cells based on constraints.
Info: Creating initial analytic placement for 4172 cells, random placement wirelen = 116286.
Info: Running simulated annealing placer for refinement.
Info: Routing..
ERROR: Unable to place cell 'x', no BELs remaining to implement cell type 'ICESTORM_DSP'
1 warning, 1 error`.split('\n');

describe('the log of nextpnr', () => {
  test('has the use of the device, also when the design does not fit', () => {
    expect(parseUtilization(LOG)).toEqual({
      ICESTORM_LC: { used: 3372, available: 1280 },
      ICESTORM_RAM: { used: 10, available: 16 },
    });
    expect(parseUtilization(['Info: Packing'])).toEqual({});
  });

  test('tells the stage, and what went wrong', () => {
    expect(LOG.map(nextpnrStage).filter((stage) => stage !== null)).toEqual([
      'packing',
      'placing',
      'refining the placement',
      'routing',
    ]);
    expect(complaint(LOG)).toEqual([LOG.at(-2)]);
    expect(complaint(['a', 'b'])).toEqual(['a', 'b']);
  });
});

describe('the counts of Yosys', () => {
  const stat = { modules: { '\\kws': { num_cells_by_type: { LUT4: 7, CCU2C: 2 } } } };

  test('are those of the module asked for', () => {
    expect(parseStat(JSON.stringify(stat), 'kws')).toEqual({ LUT4: 7, CCU2C: 2 });
    expect(() => parseStat(JSON.stringify(stat), 'other')).toThrow('no module other');
  });

  test('add up to what a device has', () => {
    const ecp5 = { LUT4: 7, CCU2C: 2, TRELLIS_DPR16X4: 1, TRELLIS_FF: 3, MULT18X18D: 4, DP16KD: 5 };
    expect(ECP5.use(ecp5)).toEqual({
      ...{ luts: 7 + 2 * 2 + 6, registers: 3, multipliers: 4, blockRams: 5 },
      singlePortRams: 0,
    });
    const ice40 = { SB_LUT4: 7, SB_CARRY: 2, SB_DFF: 1, SB_DFFESR: 2, SB_MAC16: 4, SB_RAM40_4K: 5 };
    expect(ICE40.use({ ...ice40, SB_SPRAM256KA: 6 })).toEqual({
      ...{ luts: 7, registers: 3, multipliers: 4, blockRams: 5, singlePortRams: 6 },
    });
  });

  test('are told apart by block, from the names of the cells', () => {
    const cells = [
      ['u_core.u_cells.g_lane[0].u_lane.sum_LUT4_Z', 'LUT4'],
      ['u_core.u_cells.bias_TRELLIS_FF_Q', 'TRELLIS_FF'],
      ['u_core.load_LUT4_Z', 'LUT4'],
      ['busy_LUT4_Z', 'LUT4'],
    ] as const;
    expect(Object.fromEntries(cellsByBlock(cells))).toEqual({
      u_cells: { LUT4: 1, TRELLIS_FF: 1 },
      u_core: { LUT4: 2 },
    });
  });

  test('shows what stands beside the core by itself', () => {
    const cells: [string, string][] = [
      ['u_registers.frames_SB_DFF_Q', 'SB_DFF'],
      ['u_registers.u_axi_lite.reads_SB_DFF_Q', 'SB_DFF'],
      ['u_loader.crc_SB_LUT4_O', 'SB_LUT4'],
      ['u_registers_alone', 'SB_LUT4'],
      ['core_rst_SB_LUT4_O', 'SB_LUT4'],
    ];
    expect(Object.fromEntries(cellsByBlock(cells))).toEqual({
      u_registers: { SB_DFF: 2 },
      u_loader: { SB_LUT4: 1 },
      u_core: { SB_LUT4: 2 },
    });
  });
});

test.each([
  ['u_core.u_input.waiting_TRELLIS_FF_Q_DI_L6MUX21_Z', 'u_core.u_input.waiting'],
  ['u_core.x_release_SB_LUT4_O_I1_SB_LUT4_O_I2[1]', 'u_core.x_release'],
  ['u_core.u_cells.u_c.words.0.0', 'u_core.u_cells.u_c.words.0.0'],
  ['u_core.gate_f_MULT18X18D_B0', 'u_core.gate_f'],
])('%s is named after %s', (name, signal) => {
  expect(signalName(name)).toBe(signal);
});

test('a design has reached what was asked for when it fits, at the clock', () => {
  const report = {
    fits: true,
    fmaxMHz: 90,
    clockMHz: 90,
    corners: [] as const,
  } as unknown as FlowReport;
  expect(reached(report)).toBe(true);
  expect(reached({ ...report, clockMHz: 91 })).toBe(false);
  expect(reached({ ...report, clockMHz: null })).toBe(true);
  expect(reached({ ...report, fits: false, fmaxMHz: null })).toBe(false);
  const slow = { corner: 'slow', library: 'cells', criticalPath: null };
  expect(reached({ ...report, corners: [{ ...slow, fmaxMHz: 89 }] })).toBe(false);
  expect(reached({ ...report, corners: [{ ...slow, fmaxMHz: 90 }] })).toBe(true);
});
