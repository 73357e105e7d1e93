import { VERILOG_STYLES } from '../../accelerator/index.js';
import { partsOfDesign, plannedDesign } from '../../cosim/whole/planned-design.js';
import { designPlace } from '../../design/manifest/name.js';
import { MACRO_PRESETS } from '../../devices/macros/presets.js';
import { parseModel } from '../../network/compressed-model.js';
import { saysLast } from '../../network/emit.js';
import { defineCommand } from '../frame/command.js';
import { readMacroList } from '../input/macro-list.js';
import { readCompressedBytes } from '../input/model-bytes.js';
import { clockOption } from '../options/clock-option.js';
import { designConfig, designOptions, fitModels } from '../options/design-options.js';
import { writeWholeDesign } from '../options/design-write.js';
import { choice, flag, input, outputDirectory, text } from '../options/options.js';

export const generateCommand = defineCommand({
  name: 'generate',
  summary: 'write Verilog, memory images and everything around them for a compressed model',
  positionals: { MODEL: input('compressed model', { required: true }) },
  options: {
    ...designOptions,
    ...clockOption,
    macros: input(
      `memories of macros of a chip: a list of them as JSON, or ${Object.keys(MACRO_PRESETS).join(', ')}`,
      { valueName: 'FILE.json' },
    ),
    style: choice('Verilog with parameters, or with numbers in their place', VERILOG_STYLES),
    name: text('name of the design and of its top module; default: the last part of -o', {
      valueName: 'NAME',
    }),
    noSource: flag('no TypeScript file and line in the comments of the Verilog'),
    o: outputDirectory('directory of the design; default: rtl-out/NAME', { valueName: 'DIR' }),
  },
  examples: [
    ['generate v16.safetensors --macs 8 -o rtl-out/kws', 'eight multipliers'],
    ['generate r.safetensors --macs 1024 --cell-lanes 8 --name big', 'goes to rtl-out/big'],
    ['generate v16.safetensors --emit last -o rtl-out/kws', 'outputs of last frames alone'],
    ['generate v16.safetensors --pipeline short -o rtl-out/kws', 'few registers, few cycles'],
    ['generate v16.safetensors --weights loaded -o rtl-out/kws', 'its weights come in at run time'],
    [
      'generate v4.safetensors --weights loaded --residents 2 --fit v16.safetensors --name both',
      'two networks on one RTL',
    ],
    ['generate r.safetensors --engines 2 --name pair', 'its layers on two engines in a chain'],
    ['generate v16.safetensors --style specialised --name kws', 'numbers instead of parameters'],
    ['generate v16.safetensors --config kws.ts -o out/kws', 'a typed configuration file'],
    ['generate v16.safetensors --macros ihp-sg13g2 -o out/kws', 'memories of a chip'],
    ['generate v16.safetensors --no-source -o out/kws', 'no source lines in the Verilog'],
  ],
  writes: ({ name, o }) => (o === undefined && name !== undefined ? [`rtl-out/${name}`] : []),
  run: async (args, { progress, note }) => {
    const config = await designConfig(args);
    const { name, directory } = designPlace(args.name ?? config.name, args.o);
    const bytes = await readCompressedBytes(args.MODEL);
    const model = parseModel(bytes, args.MODEL);
    if (saysLast(model) && config.emit === undefined) {
      note(
        'the network has outputs for the last frame of an utterance alone, this design for every frame; --emit last makes one that sends no others',
      );
    }
    progress.step('planning');
    const style = args.style ?? config.style;
    const macros = args.macros === undefined ? config.macros : await readMacroList(args.macros);
    const planned = plannedDesign(
      model,
      { ...config, style, macros },
      { name, field: nameField(args.name ?? config.name), fit: await fitModels(config) },
    );
    progress.step('writing Verilog and images');
    const parts = partsOfDesign(planned, bytes, { source: !args.noSource, note });
    return writeWholeDesign(directory, parts, args.clockMhz);
  },
});

/** Where the name of a design is from. */
function nameField(given: string | undefined): string {
  return given === undefined ? '-o' : '--name';
}
