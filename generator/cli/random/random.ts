import { writeFileAtomic } from '../../base/files.js';
import { shellWord } from '../../base/printable.js';
import { inSlices } from '../../base/steps.js';
import { USUAL_CELL } from '../../network/cells/registry.js';
import { modelBytes } from '../../network/compressed-model.js';
import { type Direction, directionText } from '../../network/directions.js';
import { MAX_SIZE } from '../../network/limits.js';
import { layersOf, programOf } from '../../network/program.js';
import { DRAWN_CELLS, type DrawnCell, randomModelSteps } from '../../network/random.js';
import { type LayerSummary, modelSummary } from '../../network/summary.js';
import { defineCommand } from '../frame/command.js';
import { badValue, choice, flag, integer, output, text } from '../options/options.js';
import { drawnPatterns, patternOptions } from '../options/pattern-lists.js';
import { tableOption, wordLengths, wordOptions } from '../options/word-options.js';
import { blockWarnings } from '../text/block-warnings.js';
import { operandLines } from '../text/pattern-text.js';
import { weightsWord } from '../text/weights-text.js';

export const randomCommand = defineCommand({
  name: 'random',
  summary: 'make a random network of a given shape and pattern, as a compressed model',
  positionals: {},
  options: {
    inputs: integer('values in an input frame', { required: true, min: 1, max: MAX_SIZE }),
    cell: text(`cell of the layers, one for all or one for each: ${DRAWN_CELLS.join(', ')}`, {
      default: USUAL_CELL,
      valueName: 'CELL,...',
    }),
    hidden: text('cells of each layer', { required: true, valueName: 'N,N,...' }),
    projection: text(
      'values that h of an LSTM layer is projected to, one for all or one for each; 0 = none',
      {
        valueName: 'N,...',
      },
    ),
    bidirectional: choice(
      'recurrent layers run in both directions, read side by side or as their sum',
      ['concat', 'sum'],
    ),
    ...patternOptions,
    mask: choice('one pattern for the gates of a matrix, or one each', ['shared', 'per-gate'], {
      default: 'shared',
    }),
    outputs: integer('outputs of a fully connected layer; 0 = none', {
      default: 0,
      min: 0,
      max: MAX_SIZE,
    }),
    initialState: flag('layers start an utterance with a random state, not with zeros'),
    ...wordOptions,
    ...tableOption,
    seed: integer('the same seed gives the same file', { default: 1, min: 0 }),
    o: output('the compressed model', { required: true }),
  },
  examples: [
    [
      'random --inputs 512 --hidden 512,512,512 --blocks 32,4 --keep 4/16,2/8 -o r.safetensors',
      'sixteen times fewer weights',
    ],
    ['random --cell gru --inputs 39 --hidden 128,128 -o gru.safetensors', 'two GRU layers, dense'],
    [
      'random --cell gru --inputs 39 --hidden 1024,1024 --pattern strips --blocks 32x256 --rate 8,2 -o bsp.safetensors',
      'strips of 32 rows: one column in eight, then one row in two',
    ],
    [
      'random --inputs 64 --hidden 128,128 --pattern hcgs --pattern strips --blocks 16,4 --blocks 16x64 --keep 1/2,1/2 --rate 4 -o two.safetensors',
      'a pattern of each kind',
    ],
    [
      'random --cell dense-tanh,lstm,dense-relu --inputs 16 --hidden 32,64,32 -o mixed.safetensors',
      'a recurrent layer between fully connected ones',
    ],
    [
      'random --cell gru --bidirectional concat --inputs 39 --hidden 64,64 --outputs 10 -o bi.safetensors',
      'two GRU layers in both directions',
    ],
    ['random --inputs 16 --hidden 32 --outputs 4 -o dense.safetensors', 'no block = dense'],
  ],
  run: async (args, { progress }) => {
    const hidden = widths('--hidden', args.hidden, 1);
    progress.step('drawing the network');
    const steps = randomModelSteps({
      cell: parseCells(args.cell),
      inputs: args.inputs,
      hidden,
      projection:
        args.projection === undefined ? undefined : widths('--projection', args.projection, 0),
      bidirectional: args.bidirectional,
      patterns: drawnPatterns(args, hidden.length),
      sharing: args.mask,
      outputs: args.outputs,
      initialState: args.initialState,
      words: wordLengths(args),
      tableBits: args.tableBits,
      seed: args.seed,
    });
    const model = await inSlices(steps);
    const bytes = modelBytes(model);
    await writeFileAtomic(args.o, bytes);
    const file = shellWord(args.o);
    const summary = modelSummary(model);
    const rate = (summary.weights / Math.max(1, summary.keptWeights)).toFixed(2);
    return {
      ok: true,
      json: { file: args.o, bytes: bytes.length, seed: args.seed, ...summary },
      next: [`hcgs estimate ${file}`, `hcgs generate ${file} --name NAME`],
      warnings: blockWarnings(model, file),
      lines: [
        `${args.o}: ${summary.layers.length} layers, ${summary.keptWeights} of ${summary.weights} ${weightsWord(summary.layers.map(({ cell }) => cell))} kept (${rate} x), ${bytes.length} bytes`,
        ...layersOf(programOf(model)).flatMap(({ operands }, l) =>
          operandLines(operands, summary.layers[l] as LayerSummary).map(
            (line) => `  layer ${l} ${directionText(summary.layers[l] as Direction)}${line}`,
          ),
        ),
      ],
    };
  },
});

function parseCells(given: string): readonly DrawnCell[] {
  return given.split(',').map((part) => {
    const cell = DRAWN_CELLS.find((one) => one === part.trim());
    if (cell === undefined) throw badValue('--cell', `a list of ${DRAWN_CELLS.join(', ')}`, given);
    return cell;
  });
}

/** A number for each layer. */
function widths(option: string, given: string, least: number): readonly number[] {
  return given.split(',').map((part) => {
    const width = /^\s*\d+\s*$/.test(part) ? Number(part) : -1;
    if (width < least || width > MAX_SIZE) {
      throw badValue(option, `numbers from ${least} to ${MAX_SIZE}`, given);
    }
    return width;
  });
}
