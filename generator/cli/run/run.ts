import { EMITS } from '../../accelerator/index.js';
import { writeFileAtomic } from '../../base/files.js';
import { shellWord } from '../../base/printable.js';
import { inSlices } from '../../base/steps.js';
import { type GoldenFrame, outputFractionBits } from '../../golden/network.js';
import { decisions, goldenSteps, outputType } from '../../golden/run.js';
import { StateRecorder } from '../../golden/states.js';
import { parseModel } from '../../network/compressed-model.js';
import { codesOf } from '../../network/data/frame-set.js';
import { layoutText } from '../../network/data/layout.js';
import {
  checkOutputName,
  lastOutputBytes,
  ofLastFrames,
  outputBytes,
} from '../../network/data/output-file.js';
import { readFrames } from '../../network/data/read-frames.js';
import { readLabels } from '../../network/data/read-labels.js';
import { writeNpz } from '../../network/formats/npz.js';
import { inputFormat } from '../../network/frames.js';
import { programOf } from '../../network/program.js';
import { framesIn } from '../../network/utterances.js';
import { defineCommand } from '../frame/command.js';
import { checkModelLabels } from '../input/classes.js';
import { inputWarnings } from '../input/input-warnings.js';
import { readCompressedOrDesign } from '../input/model-bytes.js';
import { frameOptions } from '../options/frame-options.js';
import { importOptions } from '../options/import-options.js';
import { choice, flag, input, output } from '../options/options.js';
import { accuracyLines, confusionLines, decidedOf } from './decided.js';
import { checkFloat, runFloat } from './float-run.js';

export const runCommand = defineCommand({
  name: 'run',
  summary: 'run the golden model alone: outputs, states and accuracy',
  positionals: {
    MODEL: input('compressed model, design directory, or with --float a network', {
      required: true,
    }),
  },
  options: {
    float: flag('MODEL is a trained network, in any format that compress reads: runs it as it is'),
    ...importOptions,
    frames: input('input frames: .npy, .npz or .csv', { required: true }),
    ...frameOptions,
    labels: input('class of each utterance: gives the accuracy'),
    o: output('writes the outputs, .npy or .npz, axes as the frames'),
    emit: choice(
      'outputs for -o: of every frame, or of the last one of each utterance, [utterances, n]',
      EMITS,
      { default: 'every' },
    ),
    states: output('writes h0, c0, h1, c1, ... of every frame, .npz'),
  },
  examples: [
    ['run v16.safetensors --frames val_frames.npy --labels val_labels.npy -o y.npy', 'accuracy'],
    ['run v16.safetensors --frames f.npy -o y.npy --states s.npz', 'outputs and states'],
    ['run v16.safetensors --frames f.npy --emit last -o y.npy', 'as a design with --emit last has'],
    ['run rtl-out/kws --frames f.npy --labels l.npy --verbose', 'of a design: confusion matrix'],
    ['run net.pt --float --frames f.npy -o y.npy', 'what the network itself computes'],
  ],
  run: async (args, io) => {
    checkFloat(args);
    if (args.float) return runFloat(args, io);
    const { progress } = io;
    const model = parseModel(await readCompressedOrDesign(args.MODEL), args.MODEL);
    checkModelLabels(model, args.MODEL, args.labels);
    const format = inputFormat(model);
    const set = await readFrames(args.frames, format.inputs, args);
    if (args.emit === 'every') checkOutputName(args.o, set.layout, '-o');
    const frames = codesOf(set, format);
    const utterances = frames.lengths.length;
    const width = programOf(model).output.length;
    const labels = args.labels === undefined ? null : await readLabels(args.labels, set, width);
    const recorder = args.states === undefined ? null : new StateRecorder(model, frames);
    const total = framesIn(frames);
    progress.step('golden model');
    const visit = (frame: GoldenFrame, index: number): void => {
      recorder?.record(frame, index);
      progress.tick(index + 1, total);
    };
    const result = await inSlices(goldenSteps(model, frames, visit));
    if (args.o !== undefined) {
      const outputs = { type: outputType(model), data: result.outputs, width };
      const bytes =
        args.emit === 'last'
          ? lastOutputBytes(args.o, ofLastFrames(outputs, set))
          : outputBytes(args.o, outputs, set);
      await writeFileAtomic(args.o, bytes);
    }
    if (args.states !== undefined && recorder !== null) {
      await writeFileAtomic(args.states, writeNpz(recorder.arrays()));
    }
    const decided = decidedOf(decisions(result, frames), labels, width);
    const saturations = { input: frames.saturated, ...result.saturations };
    const warnings = inputWarnings(frames);
    const saturated = Object.entries(saturations).map(([kind, count]) => `${kind} ${count}`);
    const lines = [
      `${total} frames in ${utterances} utterances, ${width} outputs with ${outputFractionBits(model)} fraction bits`,
      `frames: ${layoutText(set, set.layout, set.inputs)}`,
      `saturated: ${saturated.join(', ')}`,
      ...accuracyLines(decided),
      ...(args.o === undefined ? [] : [`outputs: ${args.o}`]),
      ...(args.states === undefined ? [] : [`states: ${args.states}`]),
    ];
    return {
      ok: true,
      json: {
        model: args.MODEL,
        frames: total,
        utterances,
        inputs: frames.inputs,
        outputs: width,
        outputFractionBits: outputFractionBits(model),
        saturations,
        ...decided,
        emit: args.emit,
        outputsFile: args.o ?? null,
        statesFile: args.states ?? null,
        notes: [],
        warnings,
      },
      warnings,
      next: [`hcgs estimate ${shellWord(args.MODEL)}`],
      lines: [...lines, ...confusionLines(decided)],
      ...(labels && { summary: lines }),
    };
  },
});
