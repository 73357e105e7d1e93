import type { FpgaFamily } from '../../devices/family.js';
import { findDevice } from '../../devices/find.js';
import { blockUses } from '../report/by-block.js';
import type { FlowReport } from '../report/report.js';
import { shortagesOf } from '../report/shortages.js';
import type { RunTarget } from '../target.js';
import { YOSYS } from '../tools/tool-specs.js';
import { requireTool } from '../tools/tools.js';
import { buildFolder, synthesise } from './yosys.js';

/**
 * Synthesis with Yosys for a family that is placed and routed by its maker's tool: a netlist, counts, and whether they
 * fit by capacity; no clock.
 */
export function synthesisTarget(family: FpgaFamily): RunTarget {
  return async (design, options, progress) => {
    const device = findDevice(family, options.device ?? family.defaultDevice);
    const yosys = await requireTool(YOSYS);
    const { directory, name, memoryBits } = design;
    const cells = await synthesise({
      ...{
        directory,
        name,
        target: family.name,
        yosys,
        choices: options.choices(device),
        progress,
      },
    });
    const use = family.use(cells);
    const shortages = shortagesOf(use, device);
    const folder = buildFolder(family.name);
    const { luts, registers, multipliers, blockRams } = device;
    return {
      target: family.name,
      device: device.name,
      package: options.package ?? null,
      tools: { [yosys.name]: yosys.version },
      fits: shortages.length === 0,
      shortages,
      ...use,
      memoryBits,
      available: { luts, registers, multipliers, blockRams },
      cells,
      blocks: blockUses(family, design),
      macros: [],
      fmaxMHz: null,
      clockMHz: options.clockMHz ?? null,
      seed: null,
      cellArea: null,
      macroArea: null,
      corners: [],
      energy: null,
      criticalPath: null,
      files: [`${folder}/${name}.json`, `${folder}/${name}.v`],
    } satisfies FlowReport;
  };
}
