import { isOfVerilog, placeOn } from '../../accelerator/index.js';
import { designHardware } from '../../design/read/read.js';
import { parseModel } from '../../network/compressed-model.js';
import { defineCommand } from '../frame/command.js';
import { readCompressedBytes } from '../input/model-bytes.js';
import { designToRun, trustOptions } from '../input/trust.js';
import { keepOrderOption } from '../options/design-options.js';
import { writeWholeDesign } from '../options/design-write.js';
import { input } from '../options/options.js';

export const imagesCommand = defineCommand({
  name: 'images',
  summary: 'put another model on an existing design; its Verilog stays as it is',
  positionals: {
    MODEL: input('compressed model', { required: true }),
    DIR: input('design directory', { required: true }),
  },
  options: { ...trustOptions, keepOrder: keepOrderOption },
  examples: [['images v8.safetensors rtl-out/kws', 'new memory images for rtl-out/kws']],
  run: async ({ MODEL, DIR, keepOrder, ...trust }, { progress, note }) => {
    const tolerance = { edited: true };
    const { manifest, files } = await designToRun(
      DIR,
      trust,
      ['rtl'],
      { progress, note },
      tolerance,
    );
    const bytes = await readCompressedBytes(MODEL);
    const given = parseModel(bytes, MODEL);
    const configuration = designHardware(manifest);
    const { model, orders, cuts } = placeOn(configuration, given, { keepOrder, file: MODEL });
    progress.step('writing images');
    const rtl = {
      files: new Map([...files].filter(([path]) => isOfVerilog(path))),
      signals: { signals: manifest.signals, registers: manifest.registers },
    };
    return writeWholeDesign(DIR, { configuration, source: { model, bytes, orders, cuts }, rtl });
  },
});
