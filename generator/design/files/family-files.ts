import type { FpgaFamily, PlacedFamily } from '../../devices/family.js';
import { PLACED_FAMILIES } from '../../devices/find.js';
import type { Product } from '../../devices/logic-rules.js';
import { FAMILIES } from '../../devices/registry.js';
import type { ToolSpec } from '../../devices/tool.js';
import { render } from '../write/render.js';

/** The target that the pages of a design take for an example. */
export const EXAMPLE_TARGET = PLACED_FAMILIES.map(({ name }) => name)[0] ?? 'asic';

/** Files that a design has for a family because of its products, by path in the design directory. */
export function productFiles(
  { synthesis }: FpgaFamily,
  design: string,
  products: readonly Product[],
): ReadonlyMap<string, string> {
  const files = synthesis.registeredProducts?.(design, products) ?? [];
  return new Map(files.map(({ path, template, context }) => [path, render(template, context)]));
}

/** What flow/README.md says about the families. */
export function familyTable(design: string) {
  const words = PLACED_FAMILIES.map(({ place }) => place.words);
  return {
    exampleTarget: EXAMPLE_TARGET,
    families: FAMILIES.map(({ name, shortTitle, place, placedBy }) => ({
      name,
      tools: place?.words.tools ?? 'Yosys',
      leaves:
        place === null
          ? `netlist and counts for ${shortTitle}; place and route: ${placedBy}`
          : `netlist, counts, \`report.json\` with Fmax, \`${design}${place.text[1]}\`, \`${design}${place.bitstream}\``,
    })),
    devices: words.map(({ devices }) => devices).join('; '),
    packages: words.map(({ packages }) => packages).join('; '),
    clocks: PLACED_FAMILIES.map(
      ({ shortTitle, place }) => `${place.clockMHz} (${shortTitle})`,
    ).join(', '),
    fusesocTargets: FAMILIES.filter(({ fusesoc }) => fusesoc !== null)
      .map(({ name }) => `\`${name}\``)
      .join(', '),
  };
}

/** What flow/Makefile needs to know of the families. */
export function makeFacts() {
  return {
    exampleTarget: EXAMPLE_TARGET,
    targets: FAMILIES.map(({ name }) => name).join(' '),
    placed: PLACED_FAMILIES.map(placedFacts),
    synthesised: FAMILIES.filter(({ place }) => place === null),
  };
}

/** Devices by name, as they stand in the tables of the Makefile. */
function placedFacts({ name, defaultDevice, devices, place }: PlacedFamily) {
  const { deviceFlag, packageOf, options, text, clockMHz, bitstream } = place;
  const names = devices.map((device) => device.name).sort();
  const packages = new Set(names.map(packageOf));
  const flags = names.map((device) => ({ device, flag: deviceFlag(device) }));
  const [only] = packages;
  return {
    ...{ name, defaultDevice, clockMHz, bitstream, flags },
    ...{ nextpnr: programsOf(place.nextpnr), packer: programsOf(place.packer) },
    prefix: name.toUpperCase(),
    package: packages.size === 1 ? only : '$(PACKAGE_$(DEVICE))',
    packages:
      packages.size === 1 ? [] : names.map((device) => ({ device, package: packageOf(device) })),
    options: options.join(' '),
    textOption: text[0],
    text: text[1],
  };
}

/** Names of a tool's programs, the first to try first. */
function programsOf({ sources }: ToolSpec): string {
  return sources.flatMap((source) => ('program' in source ? [source.program] : [])).join(' ');
}

/** Targets of the FuseSoC description that make netlists. */
export function fusesocTargets() {
  return FAMILIES.flatMap(({ name, shortTitle, fusesoc }) =>
    fusesoc === null
      ? []
      : [{ name, shortTitle, flow: fusesoc.flow, options: fusesoc.synthesisOptions.join(', ') }],
  );
}
