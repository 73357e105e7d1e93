import { existsSync, statSync } from 'node:fs';
import { type Estimate, estimate, planDesign, predictModel } from '../accelerator/index.js';
import { UserError } from '../base/errors.js';
import { designConfiguration, readDesign } from '../design/read.js';
import { parseModel, readModel } from '../network/compressed-model.js';
import { defineCommand } from './command.js';
import { designConfig, designOptions, firstGiven } from './design-options.js';
import { estimateText } from './estimate-text.js';
import { type OptionValues, text } from './options.js';

export const estimateCommand = defineCommand({
  name: 'estimate',
  summary: 'exact cycles and bits of a model on a configuration, without generating anything',
  positionals: { PATH: text('compressed model or design directory', { required: true }) },
  options: designOptions,
  examples: [
    ['estimate v16.safetensors --macs 8', 'cycles, utilisation, memory bits'],
    ['estimate r.safetensors --macs 1024 --cell-lanes 4 --json', 'what fewer cell lanes cost'],
    ['estimate rtl-out/kws', 'of a design that exists'],
  ],
  run: async (args, { progress }) => {
    progress.step('planning');
    const figures =
      existsSync(args.PATH) && statSync(args.PATH).isDirectory()
        ? ofDesign(args.PATH, args)
        : await ofModel(args.PATH, args);
    return { ok: true, json: { ...figures }, text: estimateText(figures) };
  },
});

async function ofModel(
  file: string,
  options: OptionValues<typeof designOptions>,
): Promise<Estimate> {
  const config = await designConfig(options);
  const model = await readModel(file);
  const plan = planDesign(model, { ...config, name: 'estimated' });
  return estimate(plan.configuration, model, plan.prediction);
}

function ofDesign(directory: string, options: OptionValues<typeof designOptions>): Estimate {
  const field = firstGiven(options);
  if (field !== undefined) {
    throw new UserError({
      code: 'BAD_USAGE',
      message: `${directory} is a design and has its configuration already: ${field} does not apply`,
      file: directory,
      field,
    });
  }
  const { manifest, files, modelPath } = readDesign(directory);
  const model = parseModel(files.get(manifest.model.file) as Uint8Array, modelPath);
  const configuration = designConfiguration(manifest);
  return estimate(configuration, model, predictModel(configuration, model));
}
