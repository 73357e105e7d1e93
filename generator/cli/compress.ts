import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { UserError } from '../base/errors.js';
import { readFileBytes, writeFileAtomic } from '../base/files.js';
import { inSlices } from '../base/steps.js';
import { goldenSteps } from '../golden/run.js';
import { compressSteps } from '../network/compress/compress.js';
import { modelBytes } from '../network/compressed-model.js';
import { readNpy } from '../network/formats/npy.js';
import { checkFrames, framesFromNpy, inputFormat } from '../network/frames.js';
import { importNetwork } from '../network/import/import.js';
import { tableErrors } from '../network/tables.js';
import { parseBlocks } from '../sparsity/parse.js';
import { defineCommand } from './command.js';
import { type CompressionReport, compressionText } from './compress-text.js';
import { flag, list, text } from './options.js';
import { wordLengths, wordOptions } from './word-options.js';

export const compressCommand = defineCommand({
  name: 'compress',
  summary: 'quantise a trained sparse LSTM and store its kept blocks',
  positionals: {
    MODEL: text('trained float network, .safetensors with PyTorch names', {
      required: true,
    }),
  },
  options: {
    calibrate: text('float frames, .npy, from which the formats of x and c are chosen', {
      required: true,
    }),
    blocks: list('block sizes, outermost first; once, or once per layer; none = search', 'N,N'),
    ...wordOptions,
    fill: flag('add zero blocks where a block row keeps too few'),
    dense: flag('keep every weight, zeros too'),
    o: text('the compressed model', { required: true }),
  },
  examples: [
    ['compress v16.safetensors --calibrate frames.npy -o model.safetensors', 'find the pattern'],
    ['compress v16.safetensors --calibrate f.npy --blocks 16,4 -o m.safetensors', 'check it'],
  ],
  run: async (args, { progress }) => {
    if (args.dense && args.blocks.length > 0)
      throw usage('--dense and --blocks exclude each other');
    if (args.dense && args.fill) throw usage('--dense and --fill exclude each other');
    if (resolve(args.o) === resolve(args.MODEL)) throw usage('-o would replace the source network');
    const blocks = args.blocks.map((sizes) => parseBlocks(sizes));
    const bytes = await readFileBytes(args.MODEL);
    const { model: source } = importNetwork(bytes, args.MODEL);
    const array = readNpy(await readFileBytes(args.calibrate), args.calibrate);
    if (!array.type.startsWith('float')) throw integerFrames(args.calibrate, array.type);
    const inputs = source.layers[0]?.inputs as number;
    const shape = checkFrames(array, inputs, args.calibrate);
    progress.step('calibrating');
    const steps = compressSteps(source, {
      words: wordLengths(args),
      frames: { ...shape, values: array.data },
      blocks: blocks.length === 0 ? undefined : blocks,
      fill: args.fill,
      dense: args.dense,
      file: args.MODEL,
      tick: progress.tick,
      provenance: {
        source: basename(args.MODEL),
        sourceSha256: createHash('sha256').update(bytes).digest('hex'),
        calibration: basename(args.calibrate),
      },
    });
    const { model, patterns, tensors } = await inSlices(steps);
    progress.step('golden model on the calibration frames');
    const frames = framesFromNpy(array, inputs, inputFormat(model), args.calibrate);
    const total = frames.utterances * frames.frames;
    const { saturations } = await inSlices(
      goldenSteps(model, frames, (_, i) => progress.tick(i + 1, total)),
    );
    const file = modelBytes(model);
    await writeFileAtomic(args.o, file);
    const report: CompressionReport = {
      file: args.o,
      bytes: file.length,
      words: model.words,
      inputFraction: model.inputFraction,
      weights: patterns.reduce((sum, pattern) => sum + pattern.weights, 0),
      keptWeights: patterns.reduce((sum, pattern) => sum + pattern.kept, 0),
      patterns,
      tensors,
      cells: model.layers.map(({ cellFraction }, layer) => ({
        layer,
        bits: model.words.cell,
        fraction: cellFraction,
      })),
      calibration: {
        frames: total,
        utterances: frames.utterances,
        saturations: { input: frames.saturated, ...saturations },
      },
      tableErrors: tableErrors(model),
    };
    return { ok: true, json: { ...report }, text: compressionText(report) };
  },
});

function usage(message: string): UserError {
  return new UserError({ code: 'BAD_USAGE', message });
}

function integerFrames(file: string, type: string): UserError {
  const expected = 'float32 or float64 frames';
  const message = `${file}: calibration needs ${expected}, got ${type}`;
  return new UserError({
    code: 'CALIBRATION_TYPE',
    message,
    file,
    field: 'descr',
    expected,
    got: type,
  });
}
