import { writeFileAtomic } from '../../base/files.js';
import { inSlices } from '../../base/steps.js';
import { svgOf } from '../../base/svg.js';
import { correctDecisions, decisions } from '../../golden/run.js';
import { sweep } from '../../golden/sweep-bits.js';
import { hasState } from '../../golden/words/unused.js';
import { prepareSteps } from '../../network/compress/prepare.js';
import { selectSteps } from '../../network/select/select.js';
import { framesIn } from '../../network/utterances.js';
import { defineCommand } from '../frame/command.js';
import { readModelBytes } from '../input/model-bytes.js';
import { readNetwork } from '../input/read-network.js';
import {
  calibrationInput,
  calibrationOptions,
  checkCalibration,
} from '../options/calibration-options.js';
import { formatOptions, givenRanges } from '../options/format-options.js';
import { importOptions, networkInput } from '../options/import-options.js';
import { badValue, output, real } from '../options/options.js';
import { patternPlan, selectOptions } from '../options/select-options.js';
import { wordOptions } from '../options/word-options.js';
import { bitRange, bitsOf } from './bit-range.js';
import { sweepCsv } from './csv.js';
import { sweepPlot } from './plot.js';
import { sweepReport } from './report.js';
import { sweepLines } from './text.js';

export const sweepBitsCommand = defineCommand({
  name: 'sweep-bits',
  summary: 'accuracy or error of a trained network over word lengths, from the golden model',
  positionals: {
    MODEL: networkInput,
  },
  options: {
    ...calibrationOptions,
    weightBits: bitRange('a weight', 'weight', '2-8'),
    activationBits: bitRange('x and h', 'activation', '8-16'),
    cellBits: bitRange('c', 'cell', '16-24/4'),
    biasBits: wordOptions.biasBits,
    range: formatOptions.range,
    weightRange: formatOptions.weightRange,
    ...selectOptions,
    ...importOptions,
    within: real(
      'close to float: at most P points of accuracy less, 0.5 if absent; without labels P % of error, 1 if absent',
      { min: 0 },
    ),
    csv: output('writes one line per pair of word lengths'),
    plot: output('writes heat maps, .svg; there is no other format'),
  },
  examples: [
    ['sweep-bits v16.safetensors --calibrate f.npy --labels l.npy --plot bits.svg', 'accuracy'],
    ['sweep-bits v16.safetensors --calibrate f.npy --weight-bits 4-6 --csv bits.csv', 'error'],
    [
      'sweep-bits net.onnx --calibrate f.npy --weight-bits 8-16/2 --cell-bits 12-24/2',
      'longer words, every second of them',
    ],
  ],
  run: async (args, { progress }) => {
    const { request, selection } = patternPlan(args);
    checkCalibration(args);
    if (args.plot !== undefined && !args.plot.endsWith('.svg')) {
      throw badValue('--plot', 'a name ending in .svg', args.plot);
    }
    const formats = givenRanges(args);
    const { biasBits } = args;
    const file = args.MODEL;
    const { model: imported, notes } = readNetwork(await readModelBytes(file), file, args);
    const { frames, labels, ...calibration } = await calibrationInput(args, imported);
    const model = selection ? await inSlices(selectSteps(imported, selection)) : imported;
    progress.step('float network');
    const preparing = prepareSteps(model, { ...request, frames, file, tick: progress.tick });
    const prepared = await inSlices(preparing);
    // c of one length, whatever it is, where no layer has it
    const given = bitsOf(args.cellBits);
    const cellBits = hasState(model) ? given : given.slice(0, 1);
    const [weightBits, activationBits] = [bitsOf(args.weightBits), bitsOf(args.activationBits)];
    progress.step('golden model, word lengths');
    const points = await sweep(prepared, {
      weightBits,
      activationBits,
      cellBits,
      biasBits,
      formats,
      labels,
      file,
      tick: progress.tick,
    });
    const { outputs } = prepared.calibration;
    const report = sweepReport(points, outputs.outputs, {
      model: file,
      calibration: {
        file: calibration.file,
        noise: calibration.noise,
        labels: args.labels ?? null,
        frames: framesIn(frames),
        utterances: frames.lengths.length,
      },
      weightBits,
      activationBits,
      cellBits,
      biasBits,
      floatCorrect: labels && correctDecisions(decisions(outputs, frames), labels),
      within: args.within ?? (labels === null ? 1 : 0.5),
      csvFile: args.csv ?? null,
      plotFile: args.plot ?? null,
      notes: [...notes, ...prepared.notes],
    });
    if (args.csv !== undefined) await writeFileAtomic(args.csv, sweepCsv(report));
    if (args.plot !== undefined) await writeFileAtomic(args.plot, await svgOf(sweepPlot(report)));
    return { ok: true, json: { ...report }, lines: sweepLines(report) };
  },
});
