import { describe, expect, test } from 'vitest';
import { netlistArea } from '../../generator/flow/asic/area.js';
import { parseCellCounts } from '../../generator/flow/asic/cell-counts.js';
import { readCellLibrary } from '../../generator/flow/asic/cell-library.js';
import { parseLiberty } from '../../generator/flow/asic/liberty.js';
import { macrosInNetlist } from '../../generator/flow/asic/macros.js';
import { parseTiming } from '../../generator/flow/asic/timing.js';
import { withFile } from './support/with-file.js';

const LIBRARY = `/* a library, with what libraries do */
library ("few cells") {
  time_unit : "1ns";
  capacitive_load_unit (1,pf);
  lu_table_template(t) { index_1 ("0.1, { 0.2 }"); }
  cell (INV) { area : 16
    pin(A) { direction : input; }
    pin("Y") { direction : "output"; function : "(!A)"; timing() { values ( \\
      "1, 2", \\
      "3; 4"); } }
  }
  cell (BUF_1) { area : 20; pin(A) { direction : input; } pin(Y) { direction : output; function : "(A)"; } }
  cell (BUF_2) { area : 30; pin(A) { direction : input; } pin(Y) { direction : output; function : "A"; } }
  cell (BUF_8) { area : 90; dont_use : true; pin(A) { direction : input; } pin(Y) { direction : output; function : "A"; } }
  cell (CLKBUF) { area : 99; pin(A) { direction : input; } pin(Y) { direction : output; function : "A"; } }
  cell (DFF) { area : 96.5; ff(IQ, IQN) { next_state : "D"; clocked_on : "C"; }
    pin(D) { direction : input; } pin(C) { direction : input; clock : true; } pin(Q) { direction : output; function : "IQ"; }
  }
}
`;

describe('a Liberty file', () => {
  test('gives areas, flip-flops and buffers', () => {
    const { name, cells } = parseLiberty(LIBRARY, 'few.lib');
    expect(name).toBe('few cells');
    expect([...cells.values()].map((c) => [c.name, c.area, c.storage, c.buffer])).toEqual([
      ['INV', 16, null, false],
      ['BUF_1', 20, null, true],
      ['BUF_2', 30, null, true],
      ['BUF_8', 90, null, true],
      ['CLKBUF', 99, null, true],
      ['DFF', 96.5, 'flip-flop', false],
    ]);
    expect(cells.get('BUF_8')?.dontUse).toBe(true);
  });

  test('has ABC driven by a buffer of middling strength', async () => {
    const { drivingCell } = await withFile('few.lib', LIBRARY, readCellLibrary);
    expect(drivingCell).toBe('BUF_2');
  });

  test.each([
    ['a text of another kind', 'module m; endmodule\n', 'no Liberty file'],
    ['an empty library', 'library (none) { }\n', 'no Liberty file'],
    ['latches alone', LIBRARY.replace('ff(IQ', 'latch(IQ'), 'no flip-flop'],
    ['gates alone', LIBRARY.replace(/ff\(IQ[^}]*\}/, ''), 'no flip-flop'],
    ['no buffers', LIBRARY.replaceAll(/function : "\(?A\)?"/g, 'function : "!A"'), 'no buffer'],
  ])('is refused: %s', async (_, text, says) => {
    const reading = withFile('odd.lib', text, readCellLibrary);
    await expect(reading).rejects.toMatchObject({
      report: { code: 'LIBERTY', message: expect.stringContaining(says) },
    });
  });

  test('of the default library is asked for by its package', async () => {
    await expect(readCellLibrary(undefined, '/nowhere/x.lib')).rejects.toMatchObject({
      report: { code: 'LIBERTY_MISSING', message: expect.stringContaining('qflow-tech-osu018') },
    });
  });

  test('that is not there is an error that names it', async () => {
    await expect(readCellLibrary('/nowhere/x.lib')).rejects.toMatchObject({
      report: { code: 'FILE_MISSING', file: '/nowhere/x.lib' },
    });
  });
});

describe('the cells of a netlist', () => {
  const cells = parseLiberty(LIBRARY, 'few.lib');

  test('are read from what Yosys counts, a stray comma behind it or not', () => {
    const module = { num_cells: 3, num_cells_by_type: { INV: 2, core: 1 } };
    const text = JSON.stringify({ modules: { '\\top': module, '$paramod\\core': {} } }, null, 3);
    const counts = { top: { INV: 2, core: 1 }, '$paramod\\core': {} };
    expect(parseCellCounts(text)).toEqual(counts);
    expect(parseCellCounts(text.replace(/\n\}$/, ',\n}'))).toEqual(counts);
    expect(parseCellCounts('ERROR')).toBeNull();
  });

  test('are added up block by block, without macros', () => {
    const counts = {
      top: { core: 1 },
      core: { INV: 1, lane: 2, '$paramod$1\\array': 1, kws_rom_8x8: 3 },
      lane: { INV: 2, DFF: 1 },
      '$paramod$1\\array': { BUF_1: 4 },
      empty: {},
    };
    const { total, types, blocks } = netlistArea(counts, 'top', cells);
    expect(total).toEqual({ cells: 11, registers: 2, area: 16 + 2 * 128.5 + 80 });
    expect(types).toEqual({ INV: 5, DFF: 2, BUF_1: 4 });
    expect(blocks).toEqual([
      { module: 'lane', cells: 6, registers: 2, area: 257 },
      { module: 'array', cells: 4, registers: 0, area: 80 },
      { module: 'core', cells: 1, registers: 0, area: 16 },
    ]);
  });
});

describe('the memories of a netlist', () => {
  const blocks = [{ instance: 'u_cells', module: 'dut_cell_update' }];
  const ram = {
    module: 'dut_ram',
    parameters: {},
    words: 8,
    bits: 16,
    image: null,
    ports: [],
    listed: false,
    area: null,
  };
  const macros = [
    { ...ram, name: 'big', kind: 'ram' as const, instances: ['u_core.u_cells.u_c', 'u_core.u_x'] },
    { ...ram, name: 'unread', kind: 'ram' as const, instances: ['u_core.u_cells.g[0].u_y'] },
  ];

  test('are those that synthesis left', () => {
    const list = 'dut_cell_update/u_c\ndut_core/u_x\n';
    expect(macrosInNetlist(list, { blocks, macros, registers: [] })).toEqual([
      ...[
        {
          macro: 'big',
          kind: 'ram',
          words: 8,
          bits: 16,
          instances: macros[0]?.instances,
          area: null,
          assumed: true,
        },
      ],
    ]);
  });
});

const TIMING = `Startpoint: u_core/u_c (rising edge-triggered flip-flop clocked by clk)
Endpoint: u_core/keep\\[3\\]_reg
          (rising edge-triggered flip-flop clocked by clk)
Path Group: clk
Path Type: max

Fanout       Cap      Slew     Delay      Time   Description
------------------------------------------------------------------------------------
                   0.0000    0.0000    0.0000   clock clk (rise edge)
                             0.0000    0.0000   clock network delay (ideal)
                   0.0000    0.0000    0.0000 ^ u_core/u_c/clk (dut_ram_8x16)
                   0.2000    2.0000    2.0000 v u_core/u_c/read_data\\[7\\] (dut_ram_8x16)
    2    0.0220                                 u_core/word[7] (net)
                   0.1000   -0.1070    1.8930 ^ u_core/_12_/Y (INVX1)
    1    0.0090                                 u_core/_11_ (net)
                   0.1000    0.0000    1.8930 ^ u_core/keep\\[3\\]_reg/D (DFFPOSX1)
                                       1.8930   data arrival time

                   0.0000    1.0000    1.0000   clock clk (rise edge)
                            -0.1834    0.8166   library setup time
                                       0.8166   data required time
------------------------------------------------------------------------------------
                                       0.8166   data required time
                                      -1.8930   data arrival time
------------------------------------------------------------------------------------
                                      -1.0764   slack (VIOLATED)


wns -1.0764
tns -12.5000
`;

describe('a timing report', () => {
  test('names the slowest path, pin by pin', () => {
    expect(parseTiming(TIMING)).toEqual({
      slackNs: -1.0764,
      path: {
        delayNs: 2.0764,
        from: 'u_core.u_c',
        to: 'u_core.keep[3]',
        segments: [
          {
            ...{ kind: 'clk-to-q dut_ram_8x16', delayNs: 2, net: 'u_core.word[7]', sources: [] },
            ...{ from: 'u_core.u_c.clk', to: 'u_core.u_c.read_data[7]' },
          },
          {
            ...{ kind: 'INVX1', delayNs: -0.107, net: null, sources: [] },
            ...{ from: 'u_core.u_c.read_data[7]', to: 'u_core._12_.Y' },
          },
          {
            ...{ kind: 'setup DFFPOSX1', delayNs: 0.1834, net: null, sources: [] },
            ...{ from: 'u_core.keep[3]_reg.D', to: 'u_core.keep[3]_reg.D' },
          },
        ],
      },
    });
  });

  test('without a path is none', () => {
    expect(parseTiming('No paths found.\n')).toBeNull();
  });
});
