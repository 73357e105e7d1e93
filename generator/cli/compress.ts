import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { UserError } from '../base/errors.js';
import { readFileBytes, writeFileAtomic } from '../base/files.js';
import { inSlices } from '../base/steps.js';
import { againstFloatSteps } from '../golden/against-float.js';
import { patternReports } from '../network/compress/compress.js';
import { checkFormats } from '../network/compress/formats.js';
import { prepareSteps } from '../network/compress/prepare.js';
import { quantiseSteps } from '../network/compress/quantise-network.js';
import { modelBytes } from '../network/compressed-model.js';
import { importNetwork } from '../network/import/import.js';
import { parseBlocks } from '../sparsity/parse.js';
import { calibrationInput, calibrationOptions, checkCalibration } from './calibration-options.js';
import { defineCommand } from './command.js';
import { compressionReport } from './compress-report.js';
import { compressionText } from './compress-text.js';
import { formatOptions, quantisation } from './format-options.js';
import { flag, list, text } from './options.js';

export const compressCommand = defineCommand({
  name: 'compress',
  summary: 'quantise a trained sparse LSTM and store its kept blocks',
  positionals: {
    MODEL: text('trained float network, .safetensors with PyTorch names', {
      required: true,
    }),
  },
  options: {
    ...calibrationOptions,
    blocks: list('block sizes, outermost first; once, or once per layer; none = search', 'N,N'),
    ...formatOptions,
    fill: flag('add zero blocks where a block row keeps too few'),
    dense: flag('keep every weight, zeros too'),
    o: text('the compressed model', { required: true }),
  },
  examples: [
    ['compress v16.safetensors --calibrate frames.npy -o model.safetensors', 'find the pattern'],
    ['compress v16.safetensors --calibrate f.npy --blocks 16,4 -o m.safetensors', 'check it'],
    [
      'compress v16.safetensors --calibrate f.npy --labels l.npy --range 99.9 -o m.safetensors',
      'clip rare values of x and c, and see what that does to the accuracy',
    ],
    ['compress v16.safetensors --calibrate-noise 1 -o m.safetensors', 'no frames yet'],
  ],
  run: async (args, { progress }) => {
    if (args.dense && args.blocks.length > 0)
      throw usage('--dense and --blocks exclude each other');
    if (args.dense && args.fill) throw usage('--dense and --fill exclude each other');
    if (resolve(args.o) === resolve(args.MODEL)) throw usage('-o would replace the source network');
    checkCalibration(args);
    const blocks = args.blocks.map((sizes) => parseBlocks(sizes));
    const { words, formats, file: formatsFile = args.MODEL } = await quantisation(args);
    const bytes = await readFileBytes(args.MODEL);
    const { model: source, notes } = importNetwork(bytes, args.MODEL);
    checkFormats(formats, source, formatsFile);
    const calibration = await calibrationInput(args, source);
    const { frames, labels } = calibration;
    const { tick } = progress;
    progress.step('calibrating');
    const prepared = await inSlices(
      prepareSteps(source, {
        frames,
        blocks: blocks.length === 0 ? undefined : blocks,
        fill: args.fill,
        dense: args.dense,
        file: args.MODEL,
        tick,
      }),
    );
    const provenance = {
      source: basename(args.MODEL),
      sourceSha256: createHash('sha256').update(bytes).digest('hex'),
      calibration: calibration.provenance,
    };
    const { model, tensors } = await inSlices(
      quantiseSteps(prepared, { words, formats, provenance, file: args.MODEL }),
    );
    progress.step('golden model on the calibration frames');
    const { outputs } = prepared.calibration;
    const against = await inSlices(
      againstFloatSteps(model, outputs, frames, { labels, sums: true, tick }),
    );
    const file = modelBytes(model);
    await writeFileAtomic(args.o, file);
    const report = compressionReport({
      file: args.o,
      bytes: file.length,
      model,
      patterns: patternReports(prepared.fits),
      tensors,
      calibration,
      against,
      notes,
    });
    return { ok: true, json: { ...report }, text: compressionText(report) };
  },
});

function usage(message: string): UserError {
  return new UserError({ code: 'BAD_USAGE', message });
}
