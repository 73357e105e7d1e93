import { writeFileAtomic } from '../../base/files.js';
import { reportOf } from '../../report/page/page.js';
import { defineCommand } from '../frame/command.js';
import { clockOption } from '../options/clock-option.js';
import { designOptions } from '../options/design-options.js';
import { badValue, input, inputs, output } from '../options/options.js';
import { targetOptions } from '../options/target-options.js';
import { readCosim, readSynth, readWordLengths } from './evidence.js';
import { checkMeasure, measureOptions, reportedModel } from './reported.js';

export const reportCommand = defineCommand({
  name: 'report',
  summary: 'everything about a model or a design in one HTML file to look at',
  positionals: { PATH: input('compressed model or design directory', { required: true }) },
  options: {
    o: output('the report, a file whose name ends in .html', { required: true }),
    ...measureOptions,
    cosim: inputs('results of "hcgs cosim --json-file FILE": what was checked; may be repeated'),
    synth: inputs(
      'results of "hcgs synth --json-file FILE": resources, timing, energy; may be repeated',
    ),
    sweepBits: inputs('results of "hcgs sweep-bits --json-file FILE": word lengths'),
    ...designOptions,
    ...targetOptions,
    ...clockOption,
  },
  examples: [
    ['report v16.safetensors --macs 8 -o v16.html', 'a model as hardware, before there is any'],
    ['report rtl-out/kws --target ecp5 -o kws.html', 'a design, with what it takes of a device'],
    [
      'report rtl-out/kws --frames f.npy --labels l.npy --float v16.pt -o kws.html',
      'with states, errors by layer and accuracy',
    ],
    [
      'report rtl-out/kws --cosim cosim.json --synth synth.json -o kws.html',
      'with what was checked, resources and timing',
    ],
  ],
  run: async (args, { progress }) => {
    checkMeasure(args);
    if (!/\.html?$/i.test(args.o)) throw badValue('-o', 'a name ending in .html', args.o);
    const { input: own, of } = await reportedModel(args.PATH, args, progress);
    const [cosim, synth, wordLengths] = await Promise.all([
      readCosim(args.cosim, of),
      readSynth(args.synth, of),
      readWordLengths(args.sweepBits),
    ]);
    progress.step('drawing');
    const { data, html } = reportOf({ ...own, cosim, synth, wordLengths });
    await writeFileAtomic(args.o, html);
    const bytes = Buffer.byteLength(html);
    const missing = data.sections.flatMap(({ id, missing: lines }) =>
      lines.map((what) => ({ section: id, what })),
    );
    return {
      ok: true,
      json: {
        ...{ report: args.o, bytes, name: data.name },
        sections: data.sections.map(({ id, pictures, maps, tables }) => ({
          ...{ section: id, pictures: pictures.length },
          ...{ maps: maps.length, tables: tables.length },
        })),
        missing,
      },
      lines: [
        `report: ${args.o}, ${(bytes / 1e6).toFixed(2)} MB, one file that needs nothing else`,
        ...missing.map(({ what }) => `not in it: ${what}`),
      ],
      summary: [
        `report: ${args.o}, ${(bytes / 1e6).toFixed(2)} MB, one file that needs nothing else`,
        ...(missing.length === 0
          ? []
          : [`${missing.length} parts have nothing to show yet: --verbose says what brings them`]),
      ],
    };
  },
});
