import type { Theme } from '../explanation.js';

const DOCTOR = 'hcgs doctor';

export const TOOLS: Theme = {
  title: 'tools',
  codes: {
    VERILATOR_MISSING: {
      means: 'Verilator is not installed, or does not run',
      why: 'It is not in PATH, or its installation is broken; or VERILATOR_ROOT leads to files of another one.',
      remedy:
        'Install it, on Debian as the package verilator. hcgs doctor shows what is found, and how to get what is not.',
      commands: [DOCTOR],
    },
    VERILATOR_TOO_OLD: {
      means: 'Verilator is older than what the hardware is tested with',
      why: 'An older distribution, or an old Verilator before the new one in PATH.',
      remedy: 'Install a newer one. hcgs doctor shows which one is found, and where.',
      commands: [DOCTOR],
    },
    VERILATOR_FAILED: {
      means: 'Verilator or the C++ compiler could not build the simulation',
      why: 'A compiler or headers that are missing, too little memory, or Verilog that was edited.',
      remedy: 'The lines below the message are what they said.',
      commands: [DOCTOR],
    },
    NO_FAULT: {
      means: 'there is nothing in the Verilog of a design that cosim --inject could change',
      why: 'Verilator refuses every change, or each makes the same hardware: a design with next to nothing in it.',
      remedy: 'Inject into another design.',
      commands: ['hcgs cosim rtl-out/kws --inject 1'],
    },
    TOOL_MISSING: {
      means: 'a tool that the command needs is not installed',
      why: 'Tools of synthesis are not needed for the main job, and not installed with hcgs.',
      remedy: 'hcgs doctor shows each tool that synth uses, and how to get it.',
      commands: [DOCTOR],
    },
    TOOL_HANGS: {
      means: 'a tool neither ended nor did anything for minutes, and was stopped',
      why: 'It waits for a licence, a display or a terminal, or its installation is broken.',
      remedy: 'Try it by itself. Where it does the same, install it again.',
      commands: [DOCTOR],
    },
    TOOL_FLOODS: {
      means: 'a tool said far more than it should, and was stopped',
      why: 'Another program of that name in PATH, or a loop in it.',
      remedy: 'hcgs doctor shows where the program is that is found.',
      commands: [DOCTOR],
    },
    TOOL_KILLED: {
      means: 'a tool was ended by a signal',
      why: 'Too little memory: the system ends the largest program. Or somebody stopped it.',
      remedy:
        'Close other programs, or take a smaller design. hcgs doctor shows the memory there is.',
      commands: [DOCTOR],
    },
    DESIGN_UNWRITABLE: {
      means: 'results cannot be put into the design',
      why: 'The design is of another user, or on a file system that is read-only.',
      remedy: 'Name a folder of your own for the results.',
      commands: ['hcgs synth DIR --target ecp5 --build results'],
    },
    BUILD_IN_DESIGN: {
      means: 'the folder of --build lies in the design',
      why: 'A design holds what generate wrote, and the results of its own scripts in flow/build.',
      remedy: 'Name a folder outside of the design. Without --build results go to flow/build.',
      commands: ['hcgs synth DIR --target ecp5 --build results'],
    },
    BUILD_TAKEN: {
      means: 'the folder of --build holds something else than results of synth',
      why: 'synth replaces the folder as a whole, and only what it wrote: build.json there lists its files. One was edited or added, or the folder is for other things.',
      remedy: 'Name another folder, or move what the message names.',
      commands: ['hcgs synth DIR --target ecp5 --build results'],
    },
    DEVICE: {
      means: 'no such FPGA is known',
      why: 'A name of another family, or one with package and speed grade in it.',
      remedy: 'The message lists the devices.',
      commands: ['hcgs synth DIR --target ecp5 --device LFE5U-25F'],
    },
    SYNTHESIS_FAILED: {
      means: 'Yosys stopped with an error',
      why: 'Verilog that was edited, a library without a cell that is needed, or too little memory.',
      remedy: 'The message has its last errors and where its log is.',
    },
    PLACE_AND_ROUTE_FAILED: {
      means: 'nextpnr stopped with an error',
      why: 'A package that the device does not come in, more ports than it has pins, or a fault of the tool.',
      remedy: 'The message has its errors and where its log is. Another --seed or --effort may do.',
      commands: ['hcgs synth DIR --target ecp5 --seed 2'],
    },
    BITSTREAM_FAILED: {
      means: 'the packer of bitstreams stopped with an error',
      why: 'Packer and nextpnr are of different versions.',
      remedy: 'Install both of one source; the message has where its log is.',
      commands: [DOCTOR],
    },
    LIBERTY: {
      means: 'a Liberty file has not what is needed of it',
      why: 'A file of macros or pads in place of standard cells, or one without flip-flops or buffers.',
      remedy: 'Name the library of standard cells first.',
      commands: ['hcgs synth DIR --target asic --liberty CELLS.lib'],
    },
    LIBERTY_MISSING: {
      means: 'there is no library of standard cells',
      why: 'None was named, and the one of Debian is not installed.',
      remedy: 'Name one, or install qflow-tech-osu018.',
      commands: ['hcgs synth DIR --target asic --liberty CELLS.lib', DOCTOR],
    },
    TIMING_FAILED: {
      means: 'OpenSTA could not time the netlist',
      why: 'A macro or a cell of the netlist is in none of the Liberty files.',
      remedy: 'Name a Liberty file for each macro that flow/README.md of the design lists.',
      commands: ['hcgs synth DIR --target asic --liberty CELLS.lib --liberty MACROS.lib'],
    },
    POWER_FAILED: {
      means: 'OpenSTA could not say what power the netlist takes',
      why: 'A Liberty file without figures of power, or without a cell of the netlist.',
      remedy: 'The message has its errors and where its log is.',
    },
    CELL_MODELS_MISSING: {
      means: 'Yosys has no simulation models of the cells of the device',
      why: 'An installation of Yosys without its share folder.',
      remedy: "Install Debian's yosys: a netlist cannot be simulated without them.",
      commands: [DOCTOR],
    },
    NO_SUCH_SCRIPT: {
      means: 'a design has no script for a netlist of this target',
      why: 'An older version of hcgs wrote it, or the script was removed.',
      remedy: 'Generate the design anew.',
      commands: ['hcgs generate model.safetensors -o DIR'],
    },
  },
};
