import { toolVersion } from '../../../generator/base/package.js';

/** A result of `synth`, of a small chip that was never made: what a report shows of it does not hang on tools. */
export function synthOf(designHash: string): Record<string, unknown> {
  const step = (kind: string, delayNs: number, from: string, to: string, net: string | null) => ({
    ...{ kind, delayNs, from, to, net, sources: net === null ? [] : [`rtl/${net}.v:12.3`] },
  });
  const criticalPath = {
    ...{ delayNs: 7.5, from: 'u_core.u_cells.a', to: 'u_core.u_cells.b' },
    segments: [
      step('clk-to-q', 0.5, 'u_core.u_cells.a.CLK', 'u_core.u_cells.a.Q', null),
      step('routing', 2, 'u_core.u_cells.a.Q', 'u_core.u_cells.add.A', 'cells'),
      step('logic', 4, 'u_core.u_cells.add.A', 'u_core.u_cells.add.F', null),
      step('routing', 0, 'u_core.u_cells.add.F', 'u_core.u_cells.b.DI', 'cells'),
      step('setup', 1, 'u_core.u_cells.b.DI', 'u_core.u_cells.b.CLK', null),
    ],
  };
  const block = (name: string, luts: number, blockRams: number, cellArea: number) => ({
    ...{
      block: name,
      luts,
      registers: 2 * luts,
      multipliers: luts > 500 ? 4 : 0,
      blockRams,
      cellArea,
    },
  });
  const energy = (name: string, macros: number, cells: number) => ({
    ...{ block: name, macros, cells, leakage: 0.5 },
  });
  return {
    ...{ schemaVersion: 1, toolVersion, ok: true },
    ...{ design: 'kws', designHash, directory: 'kws', build: 'kws/flow/build/asic' },
    ...{ target: 'asic', device: null, package: null, tools: { yosys: '0.23' }, fits: true },
    ...{ shortages: [], luts: 1500, registers: 3000, multipliers: 8, blockRams: 6 },
    ...{ singlePortRams: null, memoryBits: 141_017, cells: { NAND2: 900 } },
    available: { luts: null, registers: null, multipliers: null, blockRams: null },
    blocks: [
      block('u_cells', 900, 2, 5200),
      block('u_array', 600, 0, 4100),
      block('u_weights', 20, 4, 130),
    ],
    macros: [
      {
        ...{ macro: 'RAM_256x16', kind: 'ram', words: 256, bits: 16, area: 2500, assumed: false },
        instances: ['u_core.u_cells.u_c', 'u_core.u_activations.u_h'],
      },
    ],
    ...{ fmaxMHz: 133.3, clockMHz: 100, seed: null, cellArea: 9430, macroArea: 5000, criticalPath },
    corners: [{ corner: 'slow', library: 'slow', fmaxMHz: 88, criticalPath }],
    energy: {
      ...{ clockMHz: 100, cyclesPerFrame: 2024, total: 40, cellActivity: 0.1 },
      blocks: [energy('u_cells', 6, 12), energy('u_array', 0, 14), energy('u_weights', 7, 0.5)],
      ...{ ports: [], uncounted: ['the clock tree'] },
    },
    ...{ advice: null, files: [] },
  };
}
