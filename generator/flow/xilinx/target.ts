import { findDevice } from '../../accelerator/resources/devices.js';
import { buildFolder, synthesise } from '../fpga/yosys.js';
import { blockUses } from '../report/by-block.js';
import type { FlowReport } from '../report/report.js';
import { shortagesOf } from '../report/shortages.js';
import type { RunTarget } from '../target.js';
import { YOSYS } from '../tools/tool-specs.js';
import { requireTool } from '../tools/tools.js';
import { xilinxUsage } from './usage.js';

/** Device of a design for 7 series when none is named: that of the Arty A7-100T and the Nexys A7. */
const DEFAULT_DEVICE = 'XC7A100T';

/**
 * Synthesis with Yosys for the 7 series of AMD: a netlist, counts, and whether they fit by capacity. Place and route
 * are Vivado's (`fusesoc run --target vivado`), so there is no clock.
 */
export const xilinxTarget: RunTarget = async (design, options, progress) => {
  const device = findDevice('xilinx', options.device ?? DEFAULT_DEVICE);
  const yosys = await requireTool(YOSYS);
  const { directory, name, memoryBits } = design;
  const cells = await synthesise({
    ...{ directory, name, target: 'xilinx', yosys, choices: options.choices(device), progress },
  });
  const use = xilinxUsage(cells);
  const shortages = shortagesOf(use, device);
  const folder = buildFolder('xilinx');
  const { luts, registers, multipliers, blockRams } = device;
  return {
    target: 'xilinx',
    device: device.name,
    package: options.package ?? null,
    tools: { [yosys.name]: yosys.version },
    fits: shortages.length === 0,
    shortages,
    ...use,
    memoryBits,
    available: { luts, registers, multipliers, blockRams },
    cells,
    blocks: blockUses({ name: 'xilinx', use: xilinxUsage }, design),
    macros: [],
    fmaxMHz: null,
    clockMHz: options.clockMHz ?? null,
    seed: null,
    cellArea: null,
    criticalPath: null,
    files: [`${folder}/${name}.json`, `${folder}/${name}.v`],
  } satisfies FlowReport;
};
