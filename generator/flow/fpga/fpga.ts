import type { CellCounts, Device, FpgaFamily, PlacedFamily } from '../../devices/family.js';
import { findDevice } from '../../devices/find.js';
import { blockUses } from '../report/by-block.js';
import type { FlowReport } from '../report/report.js';
import { shortagesOf } from '../report/shortages.js';
import type { FlowDesign, RunTarget } from '../target.js';
import { YOSYS } from '../tools/tool-specs.js';
import { findTool, requireTool, type Tool } from '../tools/tools.js';
import { clearResults, type Placement, placeAndRoute } from './nextpnr.js';
import { buildFolder, synthesise } from './yosys.js';

/** Synthesis with Yosys, place and route with nextpnr, and a bitstream where its packer is installed. */
export function fpgaTarget(family: PlacedFamily): RunTarget {
  return async (design, options, progress) => {
    const device = findDevice(family, options.device ?? family.defaultDevice);
    const yosys = await requireTool(YOSYS);
    const nextpnr = options.synthesisOnly ? null : await requireTool(family.place.nextpnr);
    const packer = options.synthesisOnly ? null : await findTool(family.place.packer);
    const { directory, name } = design;
    const choices = options.choices(device);
    await clearResults({ design, family });
    const cells = await synthesise({
      ...{ directory, name, yosys, choices, progress },
      target: family.name,
    });
    const counted = shortagesOf(family.use(cells), device);
    const placed: Placement | null =
      nextpnr === null || counted.length > 0
        ? null
        : await placeAndRoute({ design, family, device, options, nextpnr, packer, progress });
    const shortages = placed?.shortages ?? counted;
    return {
      ...summary(family, device, design, cells),
      package: options.package ?? family.place.packageOf(device.name),
      tools: versions([yosys, nextpnr, placed === null ? null : packer]),
      fits: placed?.fits ?? shortages.length === 0,
      shortages,
      fmaxMHz: placed?.fmaxMHz ?? null,
      clockMHz: options.clockMHz ?? null,
      seed: placed?.seed ?? null,
      criticalPath: placed?.criticalPath ?? null,
      files: [...netlistFiles(family, design), ...(placed?.files ?? [])],
    };
  };
}

function summary(family: FpgaFamily, device: Device, design: FlowDesign, cells: CellCounts) {
  const use = family.use(cells);
  const { luts, registers, multipliers, blockRams } = device;
  return {
    target: family.name,
    device: device.name,
    ...use,
    memoryBits: design.memoryBits,
    available: { luts, registers, multipliers, blockRams },
    cells,
    blocks: blockUses(family, design),
    macros: [],
    cellArea: null,
    macroArea: null,
    corners: [],
    energy: null,
  } satisfies Partial<FlowReport>;
}

function netlistFiles(family: FpgaFamily, { name }: FlowDesign): readonly string[] {
  const folder = buildFolder(family.name);
  return ['.json', '.v', '_pads.json'].map((end) => `${folder}/${name}${end}`);
}

function versions(tools: readonly (Tool | null)[]): Readonly<Record<string, string>> {
  return Object.fromEntries(tools.flatMap((tool) => (tool ? [[tool.name, tool.version]] : [])));
}
