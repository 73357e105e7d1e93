import { deviceSize, type FpgaFamily } from '../../../generator/devices/family.js';
import { ICE40 } from '../../../generator/devices/ice40.js';

const tool = (name: string) => ({
  ...{ name, sources: [{ program: name }], versionArgument: '--version' },
  ...{ version: /(\S+)/, install: `the package ${name}` },
});

/** A family that nobody makes: a member of the axis, in a file of its own. */
export const ACME: FpgaFamily = {
  ...ICE40,
  ...{ name: 'acme', title: 'Acme Sand', shortTitle: 'Sand' },
  devices: [deviceSize('SAND9', 900_000, 900_000, 7_000, 4)],
  defaultDevice: 'SAND9',
  memory: {
    ...ICE40.memory,
    kinds: ICE40.memory.kinds.map((kind) => ({ ...kind, cell: 'SAND_RAM' })),
    blockRam: 'SAND_RAM',
    blockRams: { SAND_RAM: { bits: 4_096, blockRams: 0.5 } },
  },
  synthesis: {
    seconds: { start: 1, perLut: 0.01 },
    command: 'synth_acme',
    padsCommand: 'synth_acme -pads',
    naming: null,
    primitives: ['ACME_[A-Z]+'],
    registeredProducts: (name, products) => [
      {
        path: 'flow/acme_products.v',
        template: 'design/flow_ecp5_products.v.hbs',
        context: { name, products },
      },
    ],
  },
  place: {
    ...ICE40.place,
    ...{ clockMHz: 77, nextpnr: tool('nextpnr-acme'), packer: tool('acmepack') },
    deviceFlag: (device) => `--acme-${device}`,
    packageOf: () => 'grain7',
    text: ['--grit', '.grit'],
    bitstream: '.grain',
    words: { tools: 'acme tools', devices: 'SAND9', packages: 'grain7', usualPackages: ['grain7'] },
  },
  netlist: { library: 'acme', ownModels: false, flags: ['-DACME'] },
  fusesoc: { flow: 'acmeflow', synthesisOptions: ['-sand'] },
};
