import { inCheckout } from '../../base/package.js';
import { OLDEST_VERILATOR } from '../../cosim/build/verilator.js';
import { isPlaced } from '../../devices/family.js';
import { FAMILIES } from '../../devices/registry.js';
import type { Source, ToolSpec } from '../../devices/tool.js';
import { OPENSTA, YOSYS } from '../../flow/tools/tool-specs.js';

/** A tool that hcgs can use. */
export interface Wanted {
  readonly name: string;
  /** In the order in which they are tried. */
  readonly sources: readonly Source[];
  /** What makes it say its version, and where that is in what it says (no group: it has none). */
  readonly arguments: readonly string[];
  readonly version: RegExp;
  /** Without it `generate` and `cosim` do not do their work. */
  readonly needed: boolean;
  /** Release that is refused when it is older; null: none is. */
  readonly oldest: string | null;
  /** What hcgs does with it, and in which command. */
  readonly use: string;
  /** How to get it. */
  readonly install: string;
}

/** How to get a tool: by the script of a checkout that installs it, where there is one, or by the words of its own. */
function setupOr(install: string, flow = false): string {
  return inCheckout ? `scripts/setup${flow ? ' --flow' : ''}, or ${install}` : install;
}

const DEBIAN = (name: string): string => setupOr(`Debian's package ${name}`);

const MAIN: readonly Wanted[] = [
  {
    name: 'verilator',
    sources: [{ program: 'verilator' }],
    arguments: ['--version'],
    version: /Verilator\s+(\d+\.\d+)/,
    needed: true,
    oldest: OLDEST_VERILATOR,
    use: 'cosim: makes C++ of the Verilog',
    install: DEBIAN('verilator'),
  },
  {
    name: 'g++',
    sources: [{ program: 'g++' }],
    arguments: ['--version'],
    version: /(\d+\.\d+(?:\.\d+)?)\s*$/m,
    needed: true,
    oldest: null,
    use: 'cosim: compiles that',
    install: DEBIAN('g++'),
  },
  {
    name: 'make',
    sources: [{ program: 'make' }],
    arguments: ['--version'],
    version: /GNU Make (\S+)/,
    needed: true,
    oldest: null,
    use: 'cosim: builds with it; make -C sim and make -C flow of a design',
    install: DEBIAN('make'),
  },
];

const BESIDE: readonly Wanted[] = [
  {
    name: 'zlib',
    sources: [{ program: 'g++' }],
    arguments: ['-E', '-dM', '-x', 'c++', '-include', 'zlib.h', '/dev/null'],
    version: /ZLIB_VERSION "([^"]+)"/,
    needed: false,
    oldest: null,
    use: 'cosim --waves: header of the library that packs waveforms, as the compiler finds it',
    install: DEBIAN('zlib1g-dev'),
  },
  {
    name: 'ccache',
    sources: [{ program: 'ccache' }],
    arguments: ['--version'],
    version: /ccache version (\S+)/,
    needed: false,
    oldest: null,
    use: 'cosim: compiles nothing twice',
    install: DEBIAN('ccache'),
  },
  {
    name: 'iverilog',
    sources: [{ program: 'iverilog' }],
    arguments: ['-V'],
    version: /Icarus Verilog version (\S+)/,
    needed: false,
    oldest: null,
    use: 'no command: a second opinion on the Verilog of a design (its README.md), and the tests of hcgs',
    install: DEBIAN('iverilog'),
  },
];

/** Tools of `synth` that its families of FPGAs bring. */
function ofFamilies(): readonly Wanted[] {
  return FAMILIES.filter(isPlaced).flatMap(({ name, shortTitle, place: { nextpnr, packer } }) => [
    ofFlow(nextpnr, `synth --target ${name}: places and routes for ${shortTitle}`),
    ofFlow(packer, `synth --target ${name}: makes the bitstream, where it is there`),
  ]);
}

/** A tool of the flow as `synth` looks for it. */
function ofFlow(
  { name, sources, versionArgument, version, install }: ToolSpec,
  use: string,
  flow = true,
): Wanted {
  return {
    ...{ name, sources, version, use },
    arguments: [versionArgument],
    needed: false,
    oldest: null,
    install: setupOr(install, flow),
  };
}

const PYTHON: readonly Wanted[] = [
  {
    name: 'fusesoc',
    sources: [{ program: 'fusesoc' }],
    arguments: ['--version'],
    version: /(\d+\.\d+(?:\.\d+)?)/,
    needed: false,
    oldest: null,
    use: 'no command: runs the .core file of a design, also in tools of vendors',
    install: setupOr('the PyPI package fusesoc', true),
  },
  {
    name: 'python3',
    sources: [{ program: 'python3' }],
    arguments: ['--version'],
    version: /Python (\S+)/,
    needed: false,
    oldest: null,
    use: 'no command: packages of PyPI are installed with it; drivers of designs with --bus; the training recipe',
    install: "Debian's packages python3 and python3-venv",
  },
];

/** Every tool, those of the main job first. */
export function wantedTools(): readonly Wanted[] {
  return [
    ...MAIN,
    ...BESIDE,
    ofFlow(YOSYS, 'synth; cosim --netlist: maps the Verilog to cells', false),
    ...ofFamilies(),
    ofFlow(OPENSTA, 'synth --target asic: times the netlist, and says what power it takes'),
    ...PYTHON,
  ];
}
