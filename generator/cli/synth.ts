import { designEstimate, readDesign } from '../design/read.js';
import { reached } from '../flow/report.js';
import { EFFORTS } from '../flow/target.js';
import { TARGET_NAMES, TARGETS } from '../flow/targets.js';
import { defineCommand } from './command.js';
import { choice, flag, integer, real, text } from './options.js';
import { synthText } from './synth-text.js';

export const synthCommand = defineCommand({
  name: 'synth',
  summary: 'synthesis, place and route of a design, and what it takes of a device',
  positionals: { DIR: text('design directory', { required: true }) },
  options: {
    target: choice('family of devices', TARGET_NAMES, { required: true }),
    device: text('device; default: LFE5U-85F or UP5K', { valueName: 'NAME' }),
    package: text('package as nextpnr calls it; default: CABGA381, sg48 or ct256', {
      valueName: 'NAME',
    }),
    clockMhz: real('clock that has to be reached, MHz; otherwise the exit code is 1', {
      min: 0.001,
      valueName: 'F',
    }),
    seed: integer('seed of place and route', { min: 0, default: 1 }),
    effort: choice('one seed, or the best of five', EFFORTS, { default: 'normal' }),
    synthesisOnly: flag('netlist and counts, no place and route'),
  },
  examples: [
    ['synth rtl-out/kws --target ecp5', 'LFE5U-85F: utilisation, Fmax, bitstream'],
    ['synth rtl-out/kws --target ecp5 --device LFE5U-25F --clock-mhz 90', 'exit code 1 below 90'],
    ['synth rtl-out/kws --target ice40 --effort high', 'UP5K, the best of five seeds'],
    ['synth rtl-out/kws --target ice40 --device HX8K --synthesis-only', 'counts alone'],
  ],
  run: async (args, { progress }) => {
    const { target, device, clockMhz, seed, effort, synthesisOnly } = args;
    const { directory, manifest } = readDesign(args.DIR);
    const { weightBits, indexBits, biasBits, tableBits, controlBits, ramBits } =
      designEstimate(manifest);
    const memoryBits = weightBits + indexBits + biasBits + tableBits + controlBits + ramBits;
    const report = await TARGETS[target](
      { directory, name: manifest.name, memoryBits },
      {
        ...{ device, package: args.package, clockMHz: clockMhz, seed, effort, synthesisOnly },
        choices: '',
      },
      progress,
    );
    return {
      ok: reached(report),
      json: { design: manifest.name, directory, ...report },
      text: synthText(manifest.name, report),
    };
  },
});
