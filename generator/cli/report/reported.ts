import { basename } from 'node:path';
import { estimateDevice, estimateHardware, isChain } from '../../accelerator/index.js';
import { UserError } from '../../base/errors.js';
import type { Progress } from '../../base/progress.js';
import { inSlices } from '../../base/steps.js';
import { sha256 } from '../../design/write/hash.js';
import { readFrames } from '../../network/data/read-frames.js';
import { readLabels } from '../../network/data/read-labels.js';
import { inputsOf, outputsOf } from '../../network/float/model.js';
import { inputFormat } from '../../network/frames.js';
import { programOf } from '../../network/program.js';
import type { ReportInput } from '../../report/input.js';
import { measureValues } from '../../report/values/measured.js';
import { readCalibration } from '../input/calibration-files.js';
import { checkModelLabels } from '../input/classes.js';
import { readModelBytes } from '../input/model-bytes.js';
import { readNetwork } from '../input/read-network.js';
import type { designOptions } from '../options/design-options.js';
import { frameOptions } from '../options/frame-options.js';
import { importOptions } from '../options/import-options.js';
import { input, type OptionValues } from '../options/options.js';
import { type Planned, placedHardware } from '../options/placed-hardware.js';
import { noDevices, targetOf, type targetOptions } from '../options/target-options.js';
import { timed, timedLines } from '../text/clock-text.js';
import type { Reported } from './evidence.js';

/** Frames that values, errors and accuracy are measured on. */
export const measureOptions = {
  frames: input('input frames, .npy, .npz or .csv: histograms of states and values, saturations'),
  labels: input('class of each utterance of --frames: accuracy by class'),
  float: input('the trained network: the error of each layer on --frames'),
  ...frameOptions,
  ...importOptions,
} as const;

type Given = OptionValues<typeof measureOptions> &
  OptionValues<typeof designOptions> &
  OptionValues<typeof targetOptions> & { readonly clockMhz?: number | undefined };

/** What can be said before any file is read. @throws UserError BAD_USAGE */
export function checkMeasure(given: OptionValues<typeof measureOptions>): void {
  const { frames, float } = given;
  const usage = (field: string, needs: string) =>
    new UserError({ code: 'BAD_USAGE', message: `${field} needs ${needs}`, field });
  for (const field of ['labels', 'float', 'lengths'] as const) {
    if (given[field] !== undefined && frames === undefined) throw usage(`--${field}`, '--frames');
  }
  if (given.timeMajor && frames === undefined) throw usage('--time-major', '--frames');
  const { map, graph, nonlinearity, reset, merge, backward } = given;
  const ofImport = { nonlinearity, reset, merge, backward };
  for (const [name, value] of Object.entries({
    ...ofImport,
    map: map.length === 0 ? undefined : map,
    graph: graph.length === 0 ? undefined : graph,
  })) {
    if (value !== undefined && float === undefined) throw usage(`--${name}`, '--float');
  }
}

/** A model or a design, planned and measured, without what other commands found. @throws UserError as its files say */
export async function reportedModel(
  path: string,
  args: Given,
  progress: Progress,
): Promise<{
  readonly input: Omit<ReportInput, 'cosim' | 'synth' | 'wordLengths'>;
  readonly of: Reported;
  readonly planned: Planned;
}> {
  const { family, device } = targetOf(args);
  progress.step('planning');
  const planned = await placedHardware(path, args);
  const { hardware, model: placed, own, orders, cuts, prediction, design, bytes } = planned;
  const figures = estimateHardware(hardware, placed, cuts, prediction);
  if (family !== null && isChain(hardware)) throw noDevices(hardware, args);
  if (family !== null) progress.step('predicting resources');
  const onDevice =
    family === null || isChain(hardware) ? null : estimateDevice(hardware, placed, family, device);
  const measured = await measuredOn(planned, args, progress);
  return {
    planned,
    of: { path, modelHash: sha256(bytes), designHash: design?.manifest.designHash ?? null },
    input: {
      ...{ name: design?.manifest.name ?? basename(path), path },
      kind: design === null ? 'model' : 'design',
      ...{ model: own, placed, orders, hardware, cuts, prediction, figures },
      time: timedLines(timed(figures, args.clockMhz)),
      device: onDevice,
      measured,
    },
  };
}

async function measuredOn(
  { own }: Planned,
  args: Given,
  progress: Progress,
): Promise<ReportInput['measured']> {
  if (args.frames === undefined) return null;
  const { inputs } = inputFormat(own);
  checkModelLabels(own, args.labels ?? '', args.labels);
  // a float network reads real numbers, no codes
  const set =
    args.float === undefined
      ? await readFrames(args.frames, inputs, args)
      : await readCalibration(args.frames, inputs, args);
  const width = programOf(own).output.length;
  const labels = args.labels === undefined ? null : await readLabels(args.labels, set, width);
  const float = args.float === undefined ? null : await floatNetwork(args.float, args);
  if (float !== null) {
    const [got, out] = [inputsOf(float.model), outputsOf(float.model)];
    if (got !== inputs || out !== width) throw differs(float.file, [inputs, width], [got, out]);
  }
  progress.step(float === null ? 'golden model' : 'float network and golden model');
  const values = await inSlices(measureValues(own, { set, labels, float, tick: progress.tick }));
  return { file: basename(args.frames), values };
}

async function floatNetwork(file: string, args: Given) {
  const given = { ...args, calibrate: args.frames };
  return { file, model: readNetwork(await readModelBytes(file), file, given).model };
}

function differs(
  file: string,
  [inputs, outputs]: readonly [number, number],
  [got, out]: readonly [number, number],
): UserError {
  const expected = `${inputs} inputs and ${outputs} outputs`;
  const found = `${got} and ${out}`;
  return new UserError({
    code: 'FLOAT_DIFFERS',
    message: `${file}: this is not the network that the model was made of: expected ${expected}, got ${found}`,
    ...{ file, field: 'inputs and outputs', expected, got: found },
  });
}
