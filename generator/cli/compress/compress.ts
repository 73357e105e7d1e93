import { createHash } from 'node:crypto';
import { UserError } from '../../base/errors.js';
import { writeFileAtomic } from '../../base/files.js';
import { shellWord } from '../../base/printable.js';
import { inSlices } from '../../base/steps.js';
import { againstFloatSteps } from '../../golden/against-float.js';
import { pruningLossSteps } from '../../golden/pruning-loss.js';
import { remedySteps } from '../../golden/remedy.js';
import { patternReports } from '../../network/compress/compress.js';
import { checkFormats } from '../../network/compress/formats.js';
import { heldOutFrames } from '../../network/compress/held-out.js';
import { prepareSteps } from '../../network/compress/prepare.js';
import { quantiseSteps } from '../../network/compress/quantise-network.js';
import { modelBytes } from '../../network/compressed-model.js';
import { checkMaskable, maskFile } from '../../network/select/mask-file.js';
import { selectSteps } from '../../network/select/select.js';
import { defineCommand } from '../frame/command.js';
import { readModelBytes } from '../input/model-bytes.js';
import { readNetwork } from '../input/read-network.js';
import { autoOptions, targetOf } from '../options/auto-options.js';
import {
  calibrationInput,
  calibrationOptions,
  checkCalibration,
} from '../options/calibration-options.js';
import { givenNumbers } from '../options/design-options.js';
import { formatOptions, quantisation } from '../options/format-options.js';
import { importOptions, networkInput } from '../options/import-options.js';
import { output } from '../options/options.js';
import { maskOptions, searchOptions, searchPlan } from '../options/search-options.js';
import { patternPlan, selectOptions } from '../options/select-options.js';
import { blockWarnings } from '../text/block-warnings.js';
import { selectionLine, selectionReport } from '../text/selection-text.js';
import { chooseWords, chosenWords, unreachedText, wordSearchReport } from './auto-words.js';
import { compressionReport } from './compress-report.js';
import { compressionLines, compressionSummary } from './compress-text.js';
import {
  clipWarnings,
  errorWarning,
  explicitCommand,
  isLarge,
  LARGEST_ERROR,
  sourceWords,
} from './compress-warnings.js';
import { searchPatterns } from './pattern-search.js';
import { provenanceOf } from './provenance.js';
import { priceOfModel } from './search-price.js';
import { patternSearchLine, patternSearchReport } from './search-report.js';

export const compressCommand = defineCommand({
  name: 'compress',
  summary: 'quantise a trained sparse network and store its kept weights',
  positionals: {
    MODEL: networkInput,
  },
  options: {
    ...calibrationOptions,
    ...importOptions,
    ...selectOptions,
    ...searchOptions,
    ...maskOptions,
    ...formatOptions,
    ...autoOptions,
    o: output('the compressed model', { required: true }),
  },
  examples: [
    ['compress v16.safetensors --calibrate frames.npy -o model.safetensors', 'find the pattern'],
    ['compress v16.safetensors --calibrate f.npy --blocks 16,4 -o m.safetensors', 'check it'],
    [
      'compress v16.safetensors --calibrate f.npy --labels l.npy --range 99.9 -o m.safetensors',
      'clip rare values of x and c, and see what that does to the accuracy',
    ],
    [
      'compress net.pt --calibrate f.npy --words auto --error 1% -o m.safetensors',
      'the smallest words whose outputs are within 1 % of float',
    ],
    ['compress v16.safetensors --calibrate-noise 1 -o m.safetensors', 'no frames yet'],
    [
      'compress net.onnx --calibrate f.npy --select magnitude --blocks 4 --keep 1/2 -o m.safetensors',
      'prune a dense network: half of its blocks stay',
    ],
    [
      'compress net.onnx --calibrate f.npy --select magnitude --pattern strips --blocks 32x256 --rate 4 -o m.safetensors',
      'the same with strips: a quarter of the columns of each strip block',
    ],
    [
      'compress net.onnx --calibrate f.npy --search --budget cycles=1000 --macs 64 -o m.safetensors',
      'the patterns of a dense network with which a frame takes 1000 cycles and the outputs change least',
    ],
  ],
  run: async (args, { progress }) => {
    const plan = searchPlan(args);
    const { request, selection } = plan === null ? patternPlan(args) : SEARCHED;
    if (args.exportMasks !== undefined && plan === null && selection === null) throw noMasks();
    checkCalibration(args);
    const target = targetOf(args);
    const asked = await quantisation(args);
    const { file: formatsFile = args.MODEL } = asked;
    const bytes = await readModelBytes(args.MODEL);
    const imported = readNetwork(bytes, args.MODEL, args);
    const { model: source, leftOut, notes } = imported;
    if (args.exportMasks !== undefined) checkMaskable(source, imported, args.MODEL);
    checkFormats(asked.formats, source, formatsFile);
    const calibration = await calibrationInput(args, source);
    const { frames, labels } = calibration;
    const { tick } = progress;
    const design = { options: givenNumbers(args), engines: args.engines };
    const searching = { design, quantisation: asked, calibration, file: args.MODEL, progress };
    const searched = plan && (await searchPatterns(source, { plan, ...searching }));
    const chosen =
      searched?.model ?? (selection ? await inSlices(selectSteps(source, selection)) : source);
    progress.step('calibrating');
    const heldOut = target && heldOutFrames(frames, calibration.file ?? args.MODEL);
    const prepared = await inSlices(
      prepareSteps(chosen, {
        ...request,
        frames,
        file: args.MODEL,
        tick,
        ...(heldOut && { heldOut }),
      }),
    );
    const found =
      target &&
      (await chooseWords(prepared, target, asked, calibration, { file: args.MODEL, progress }));
    const { words, tableBits, formats } = found === null ? asked : chosenWords(found);
    const provenance = provenanceOf(imported, {
      file: args.MODEL,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      calibration: calibration.provenance,
      selection: searched
        ? patternSearchLine(searched.facts)
        : selection
          ? selectionLine(selection)
          : undefined,
    });
    const { model, tensors } = await inSlices(
      quantiseSteps(prepared, { words, tableBits, formats, provenance, file: args.MODEL }),
    );
    progress.step('golden model on the calibration frames');
    const { outputs } = prepared.calibration;
    const against = await inSlices(
      againstFloatSteps(model, outputs, frames, { labels, sums: true, tick }),
    );
    if (selection) progress.step('the network without the pattern');
    const loss =
      selection && (await inSlices(pruningLossSteps(source, outputs, frames, labels, tick)));
    const warnings: string[] = [
      ...clipWarnings(source, prepared.calibration),
      ...blockWarnings(model, shellWord(args.o)),
    ];
    if (found === null && isLarge(against.error)) {
      progress.step('what makes the error of the outputs');
      const looking = { words, tableBits, formats, limit: LARGEST_ERROR, file: args.MODEL, tick };
      const remedy =
        against.error.relativeRms === null ? null : await inSlices(remedySteps(prepared, looking));
      const noise = calibration.noise !== null;
      const source = sourceWords(args);
      warnings.push(
        errorWarning({
          error: against.error,
          remedy,
          words,
          source,
          noise,
          searched: plan !== null,
        }),
      );
    }
    const wordSearch = found && target && heldOut && wordSearchReport(found, target, heldOut);
    const reached = wordSearch?.reached !== false;
    const patternSearch =
      searched && patternSearchReport(searched.facts, priceOfModel(model, design));
    const file = modelBytes(model);
    if (reached) await writeFileAtomic(args.o, file);
    else warnings.push(unreachedText(wordSearch, explicitCommand(args, wordSearch.lengths)));
    const masks = args.exportMasks;
    if (masks !== undefined && reached) {
      await writeFileAtomic(masks, maskFile(chosen));
    }
    const report = compressionReport({
      file: reached ? args.o : null,
      bytes: file.length,
      wordSearch,
      model,
      patterns: patternReports(prepared.source, prepared.fits),
      functions: source.functions,
      tensors,
      calibration,
      against: { ...against, error: found?.measured?.heldOut ?? against.error },
      selection: selection && loss && selectionReport(selection, loss),
      patternSearch,
      leftOut,
      notes: [...notes, ...prepared.notes],
      warnings,
    });
    const cells = source.layers.map(({ cell }) => cell);
    return {
      ok: reached,
      json: { ...report },
      lines: compressionLines(report, prepared.fits, cells),
      summary: compressionSummary(report, prepared.fits, cells),
      next: reached
        ? [`hcgs estimate ${shellWord(args.o)}`, `hcgs generate ${shellWord(args.o)} --name NAME`]
        : [],
      warnings,
    };
  },
});

/** What a search leaves of the options that say a pattern. */
const SEARCHED = { request: { fill: false, dense: false }, selection: null } as const;

/** What of a file a mask would be, where nothing is chosen, its own zeros say. */
function noMasks(): UserError {
  return new UserError({
    code: 'BAD_USAGE',
    message:
      '--export-masks needs --select or --search: without them the zeros of the network are its masks',
    field: '--export-masks',
  });
}
