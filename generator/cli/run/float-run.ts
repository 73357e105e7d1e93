import type { Emit } from '../../accelerator/index.js';
import { UserError } from '../../base/errors.js';
import { writeFileAtomic } from '../../base/files.js';
import { inSlices } from '../../base/steps.js';
import { decisions } from '../../golden/run.js';
import { layoutText } from '../../network/data/layout.js';
import {
  checkOutputName,
  lastOutputBytes,
  ofLastFrames,
  outputBytes,
} from '../../network/data/output-file.js';
import { readLabels } from '../../network/data/read-labels.js';
import { inputsOf, outputsOf } from '../../network/float/model.js';
import { floatOutputSteps } from '../../network/float/outputs.js';
import { framesIn } from '../../network/utterances.js';
import type { CommandIo, CommandResult } from '../frame/command.js';
import { readCalibration } from '../input/calibration-files.js';
import { readModelBytes } from '../input/model-bytes.js';
import { readNetwork } from '../input/read-network.js';
import type { frameOptions } from '../options/frame-options.js';
import type { importOptions } from '../options/import-options.js';
import type { OptionValues } from '../options/options.js';
import { accuracyLines, confusionLines, decidedOf } from './decided.js';

type Given = OptionValues<typeof importOptions> &
  OptionValues<typeof frameOptions> & {
    readonly MODEL: string;
    readonly float: boolean;
    readonly frames: string;
    readonly labels?: string | undefined;
    readonly o?: string | undefined;
    readonly emit: Emit;
    readonly states?: string | undefined;
  };

/** What can be said before any file is read. @throws UserError BAD_USAGE */
export function checkFloat(given: Given): void {
  const { float, map, graph, nonlinearity, reset, merge, backward, states } = given;
  if (float && states !== undefined) {
    throw usage('--states needs a compressed model, not --float', '--states');
  }
  if (!float && graph.length > 0) {
    throw usage('--graph needs --float: a compressed model has no branches', '--graph');
  }
  if (!float && map.length > 0) {
    throw usage('--map needs --float: a compressed model has no names to map', '--map');
  }
  for (const [field, value] of Object.entries({
    '--nonlinearity': nonlinearity,
    '--reset': reset,
    '--merge': merge,
    '--backward': backward,
  })) {
    if (float || value === undefined) continue;
    throw usage(`${field} needs --float: a compressed model says what its layers are`, field);
  }
}

function usage(message: string, field: string): UserError {
  return new UserError({ code: 'BAD_USAGE', message, field });
}

/**
 * Runs a trained network in double precision, as it was read from its file: what `compress` measures against. Outputs
 * are written as float32.
 */
export async function runFloat(args: Given, { progress }: CommandIo): Promise<CommandResult> {
  const { MODEL: file } = args;
  const imported = readNetwork(await readModelBytes(file), file, {
    ...args,
    calibrate: args.frames,
  });
  const { model, notes } = imported;
  const width = outputsOf(model);
  const set = await readCalibration(args.frames, inputsOf(model), args);
  if (args.emit === 'every') checkOutputName(args.o, set.layout, '-o');
  const labels = args.labels === undefined ? null : await readLabels(args.labels, set, width);
  progress.step('float network');
  const { outputs } = await inSlices(floatOutputSteps(model, set, progress.tick));
  if (args.o !== undefined) {
    const written = { type: 'float32', data: outputs, width } as const;
    const bytes =
      args.emit === 'last'
        ? lastOutputBytes(args.o, ofLastFrames(written, set))
        : outputBytes(args.o, written, set);
    await writeFileAtomic(args.o, bytes);
  }
  const [total, utterances] = [framesIn(set), set.lengths.length];
  const decided = decidedOf(decisions({ outputs, width }, set), labels, width);
  const lines = [
    `${total} frames in ${utterances} utterances, ${width} outputs in floating point`,
    `frames: ${layoutText(set, set.layout, set.inputs)}`,
    ...accuracyLines(decided),
    ...(args.o === undefined ? [] : [`outputs: ${args.o}`]),
    ...notes.map((note) => `note: ${note}`),
  ];
  return {
    ok: true,
    json: {
      model: file,
      frames: total,
      utterances,
      inputs: set.inputs,
      outputs: width,
      outputFractionBits: null,
      saturations: null,
      ...decided,
      emit: args.emit,
      outputsFile: args.o ?? null,
      statesFile: null,
      notes,
      warnings: [],
    },
    lines: [...lines, ...confusionLines(decided)],
    ...(labels && { summary: lines }),
  };
}
