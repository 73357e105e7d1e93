import { layersOf, outputPassOf, programOf } from '../../network/program.js';
import { type MatrixSummary, modelSummary, patternText } from '../../network/summary.js';
import type { ReportInput } from '../input.js';
import { figure, percent, type Section, section } from './section.js';

/** What the network is: layers, words, formats, where it is from. */
export function networkSection({ model }: ReportInput): Section {
  const summary = modelSummary(model);
  const program = programOf(model);
  const passes = layersOf(program);
  const { words } = summary;
  const cells = summary.layers.map(({ cell, cells: n, direction, bidirectional }, l) => {
    const both = bidirectional ? ', of both directions' : '';
    const pass = passes[l];
    const patterns = (pass?.operands ?? []).map(({ matrix }) => patternText(matrix));
    return [
      l,
      `${cell}${direction === 'backward' ? ', backward' : ''}${both}`,
      summary.layers[l]?.inputs ?? 0,
      n,
      [...new Set(patterns)].join('; '),
      keptOf(summary.layers[l]?.x, summary.layers[l]?.h ?? null),
    ];
  });
  const output = outputPassOf(program);
  const rows =
    output === null || summary.output === null
      ? cells
      : [
          ...cells,
          ['output', 'exact sums', summary.output.inputs, summary.output.outputs, 'dense', '100 %'],
        ];
  const density = summary.weights === 0 ? 1 : summary.keptWeights / summary.weights;
  return section('network', 'Network', {
    text: [
      `${summary.inputs} inputs, ${summary.outputs} outputs; ${figure(summary.keptWeights)} of ${figure(summary.weights)} weights of the layers are kept (${percent(density)}).`,
      `Words: weights ${words.weight} bits, x and h ${words.activation}, state ${words.cell}, biases ${words.bias}; activation tables of ${summary.tables.segments} segments over |u|.`,
    ],
    tables: [
      {
        caption: 'Layers',
        head: ['layer', 'cell', 'inputs', 'cells', 'patterns', 'kept'],
        rows,
      },
      ...(Object.keys(summary.provenance).length === 0
        ? []
        : [
            {
              caption: 'Where the model is from',
              head: ['', ''],
              rows: Object.entries(summary.provenance),
            },
          ]),
    ],
  });
}

function keptOf(x: MatrixSummary | undefined, h: MatrixSummary | null): string {
  const [kept, weights] = [x, h].reduce(
    ([k, w], one) => [k + (one?.kept ?? 0), w + (one?.weights ?? 0)],
    [0, 0] as [number, number],
  );
  return weights === 0 ? '-' : percent(kept / weights);
}
