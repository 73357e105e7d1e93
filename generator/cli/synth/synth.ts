import { join, relative, resolve } from 'node:path';
import { chipMemories } from '../../accelerator/index.js';
import { UserError } from '../../base/errors.js';
import { designEstimate, designHardware } from '../../design/read/read.js';
import { buildPlace, checkWritable } from '../../design/write/build-folder.js';
import { ownPlace, replacingResults } from '../../design/write/stage.js';
import { FAMILY_NAMES, PLACED_FAMILIES } from '../../devices/find.js';
import { FAMILIES } from '../../devices/registry.js';
import { expectedText, expectedWork } from '../../flow/expected-time.js';
import { buildFolder } from '../../flow/fpga/yosys.js';
import { noteNetlist } from '../../flow/netlist/own-netlists.js';
import { reached } from '../../flow/report/report.js';
import { EFFORTS } from '../../flow/target.js';
import { TARGET_NAMES, targetNamed } from '../../flow/targets.js';
import { defineCommand, optionName } from '../frame/command.js';
import { designToRun, trustOptions } from '../input/trust.js';
import { jsonFileOption } from '../options/json-file.js';
import { choicesOf, multiplierRules } from '../options/multiplier-rules.js';
import {
  choice,
  flag,
  input,
  inputs,
  integer,
  outputDirectory,
  real,
  text,
} from '../options/options.js';
import { measuredUse } from './activity.js';
import { cornerFiles, cornersOf } from './corners.js';
import { adviceOn } from './synth-advice.js';
import { synthLines } from './synth-text.js';

const PLACED = PLACED_FAMILIES.map(({ name }) => name);
const USUAL_PACKAGES = PLACED_FAMILIES.flatMap(({ place }) => place.words.usualPackages);

/** Options that only some targets have a use for. */
const TARGETS_OF: Readonly<Record<string, readonly string[]>> = {
  device: FAMILY_NAMES,
  package: PLACED,
  multipliers: PLACED,
  clockMhz: [...PLACED, 'asic'],
  liberty: ['asic'],
  corner: ['asic'],
  macros: ['asic'],
  activity: ['asic'],
};

export const synthCommand = defineCommand({
  name: 'synth',
  summary: 'synthesis, place and route of a design, and what it takes of a device',
  positionals: { DIR: input('design directory', { required: true }) },
  options: {
    target: choice('family of devices, or asic for standard cells', TARGET_NAMES, {
      required: true,
    }),
    device: text(`device; default: ${orOf(FAMILIES.map((family) => family.defaultDevice))}`, {
      valueName: 'NAME',
    }),
    package: text(`package as nextpnr calls it; default: ${orOf(USUAL_PACKAGES)}`, {
      valueName: 'NAME',
    }),
    clockMhz: real('clock that has to be reached, MHz; otherwise the exit code is 1', {
      min: 0.001,
      valueName: 'F',
    }),
    seed: integer('seed of place and route', { min: 0, default: 1 }),
    effort: choice('one seed, or the best of five', EFFORTS, { default: 'normal' }),
    multipliers: text(
      'dsp, logic or auto, or both of macs=… and cells=…: auto gives the multipliers of the device to the MACs first',
      { valueName: 'RULE' },
    ),
    liberty: inputs(
      'asic: Liberty file of the cells, and again for each of memory macros; default: osu018 of Debian',
    ),
    corner: inputs('asic: a further corner to time in, its cells first; may be repeated', {
      valueName: 'NAME=FILE,FILE',
      filesOf: (corner) => cornerFiles(corner),
    }),
    macros: input(
      'asic: Liberty file of macros that no other has; default: flow/asic_memories.lib of DIR',
    ),
    activity: input('asic: file of cosim --activity, for the energy of a frame'),
    synthesisOnly: flag('netlist and counts, no place and route, no timing'),
    build: outputDirectory(
      'folder for netlist, logs, report and bitstream; default: flow/build/TARGET of DIR',
    ),
    ...jsonFileOption,
    ...trustOptions,
  },
  examples: [
    ['synth rtl-out/kws --target ecp5', 'LFE5U-85F: utilization, Fmax, bitstream'],
    ['synth rtl-out/kws --target ecp5 --device LFE5U-25F --clock-mhz 90', 'exit code 1 below 90'],
    ['synth rtl-out/kws --target ice40 --effort high', 'UP5K, the best of five seeds'],
    ['synth rtl-out/kws --target ice40 --device HX8K --synthesis-only', 'counts alone'],
    ['synth rtl-out/kws --target ecp5 --build kws-85f', 'results there: nothing is written in DIR'],
    ['synth rtl-out/kws --target xilinx --device XC7A35T', 'counts, and whether they fit'],
    ['synth rtl-out/kws --target asic --liberty cells.lib', 'area by block, critical path'],
    [
      'synth rtl-out/kws --target asic --liberty t.lib --liberty sram.lib --corner slow=s.lib,sram_s.lib',
      'macros as their Liberty file says, and a second corner',
    ],
    [
      'synth rtl-out/chip --target asic --liberty t.lib --liberty sram.lib --activity chip.json',
      'energy of a frame by block',
    ],
  ],
  writes: ({ DIR, target, build }) => (build === undefined ? [join(DIR, buildFolder(target))] : []),
  run: async (args, { progress, note }) => {
    const { target, device, clockMhz, seed, effort, liberty, macros, synthesisOnly } = args;
    const { corner, activity, build } = args;
    refuseUnused(target, {
      ...{ device, clockMhz, liberty, macros, corner, activity },
      package: args.package,
      multipliers: args.multipliers,
    });
    const rules = multiplierRules(args.multipliers);
    const corners = cornersOf(corner, synthesisOnly);
    const place =
      build === undefined
        ? ownPlace(args.DIR, buildFolder(target))
        : buildPlace(build, args.DIR, '--build');
    if (build === undefined) checkWritable(args.DIR, buildFolder(target), '--build');
    const stored = await designToRun(args.DIR, args, ['rtl', 'flow'], { progress, note });
    const { directory, manifest } = stored;
    const { weightBits, indexBits, biasBits, tableBits, controlBits, ramBits, protection } =
      designEstimate(manifest);
    const words = weightBits + indexBits + biasBits + tableBits + controlBits + ramBits;
    const memoryBits = words + (protection?.checkBits ?? 0);
    const measured = await measuredUse(stored, activity, synthesisOnly);
    const asked = { device, clockMHz: clockMhz, seed, effort, synthesisOnly };
    const hardware = designHardware(manifest);
    progress.remark(expectedText(expectedWork(hardware, target, asked)));
    const report = await replacingResults(stored, buildFolder(target), place, async (work) => {
      const report = await targetNamed(target)(
        {
          ...{ directory: work, name: manifest.name, memoryBits },
          chip: () => chipMemories(hardware),
        },
        {
          ...{ ...asked, package: args.package, liberty, corners, macros, measured },
          choices: choicesOf(stored, rules),
        },
        progress,
      );
      noteNetlist(work, target, manifest.name);
      return report;
    });
    // as the user stands
    const files = report.files.map((file) =>
      join(place.folder, relative(buildFolder(target), file)),
    );
    if (!report.fits) progress.step('looking for what would fit');
    const advice = adviceOn(stored, report);
    return {
      ok: reached(report),
      json: {
        ...{ design: manifest.name, designHash: manifest.designHash, directory },
        ...{ build: place.folder, ...report },
        ...{
          files: build === undefined ? report.files : files.map((file) => resolve(file)),
          advice,
        },
      },
      lines: synthLines(manifest.name, { ...report, files }, advice),
    };
  },
});

function refuseUnused(target: string, options: Readonly<Record<string, unknown>>): void {
  for (const [option, value] of Object.entries(options)) {
    const targets = TARGETS_OF[option] ?? TARGET_NAMES;
    const given = Array.isArray(value) ? value.length > 0 : value !== undefined;
    if (!given || targets.includes(target)) continue;
    const field = optionName(option);
    throw new UserError({
      code: 'BAD_USAGE',
      message: `${field} is nothing for the target ${target}: it belongs to ${targets.join(', ')}`,
      field,
    });
  }
}

/** `a, b or c`. */
function orOf(words: readonly string[]): string {
  const [last, ...others] = [...words].reverse();
  return others.length === 0 ? `${last}` : `${others.reverse().join(', ')} or ${last}`;
}
