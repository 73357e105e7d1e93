import type { ReportInput } from '../input.js';
import { histogramPicture } from '../pictures/histogram.js';
import { lineChart } from '../pictures/lines.js';
import { PAGE, type Palette, type Picture } from '../pictures/picture.js';
import { wordLengthPicture } from '../pictures/word-lengths.js';
import type { LayerError } from '../values/errors.js';
import type { Measured } from '../values/measured.js';
import { weightHistograms } from '../values/weights.js';
import { figure, percent, type Section, section, type Table } from './section.js';

/** Weights and biases against their formats, and with frames inputs, states and values. */
export function histogramPictures(
  { model, measured }: Pick<ReportInput, 'model' | 'measured'>,
  palette: Palette,
): readonly Picture[] {
  const all = [...weightHistograms(model), ...(measured?.values.histograms ?? [])];
  return all.map((one, n) => histogramPicture(one, palette, `values-${n}`));
}

/** What its words do to the network. */
export function numbersSection(input: ReportInput): Section {
  const { measured, wordLengths } = input;
  const errors = measured?.values.errors ?? null;
  return section('numbers', 'Numbers', {
    text: [
      'Every histogram spans the whole of its format; dashed lines are the ends of it, counts are on a logarithmic scale.',
      ...(measured === null
        ? []
        : [
            `Inputs, states and values are those of ${figure(measured.values.frames)} frames in ${figure(measured.values.utterances)} utterances of ${measured.file}.`,
          ]),
      ...wordLengths.map(
        ({ file, model }) => `Word lengths: those that ${file} tried for ${model}.`,
      ),
    ],
    tables: [
      ...(measured === null ? [] : [saturationTable(measured.values)]),
      ...(errors === null || measured === null ? [] : [errorTable(errors, measured.values)]),
    ],
    pictures: [
      ...(errors === null ? [] : [errorPicture(errors)]),
      ...wordLengths.flatMap(({ maps }, n) =>
        maps.map((map) => wordLengthPicture({ ...map, name: `${n}-${map.name}` }, PAGE)),
      ),
      ...histogramPictures(input, PAGE),
    ],
    missing: [
      ...(measured === null
        ? ['States, values and saturations need frames: --frames FILE.']
        : errors === null
          ? ['The error by layer needs the trained network beside the frames: --float FILE.']
          : []),
      ...(wordLengths.length === 0
        ? [
            'What other word lengths would do: --sweep-bits FILE of "hcgs sweep-bits --json-file FILE".',
          ]
        : []),
    ],
  });
}

function saturationTable({ saturations, inputSaturated, frames }: Measured): Table {
  return {
    caption: `Values clamped in ${figure(frames)} frames; of the inputs: ${inputSaturated}`,
    head: [
      'layer',
      'sums beyond the table',
      'states beyond the table',
      'states beyond their word',
      'h = 1',
    ],
    rows: saturations.map(({ layer, gateInput, cellInput, cell, hidden }) => [
      layer,
      gateInput,
      cellInput,
      cell,
      hidden,
    ]),
  };
}

function errorTable(errors: readonly LayerError[], { comparedFrames }: Measured): Table {
  return {
    caption: `Values against the float network, over ${figure(comparedFrames)} frames`,
    head: ['layer', 'cell', 'r.m.s. error', 'of the r.m.s. value', 'largest error'],
    rows: errors.map(({ layer, cell, rms, referenceRms, largest }) => [
      layer,
      cell,
      figure(rms, 3),
      referenceRms === 0 ? '-' : percent(rms / referenceRms),
      figure(largest, 3),
    ]),
  };
}

function errorPicture(errors: readonly LayerError[]): Picture {
  const lines = errors.map(({ layer, cell }) => `layer ${layer}, ${cell}`);
  const points = errors.flatMap(({ frames }, l) =>
    frames.map((y, x) => ({ x, y, line: lines[l] as string })),
  );
  const worst = errors.map(({ frames }, l) => `${lines[l]} ${figure(Math.max(...frames), 3)}`);
  return {
    id: 'errors',
    title: 'Error by layer over the first utterance',
    label: `root mean square over the cells of a layer, frame by frame; at most: ${worst.join(', ')}`,
    spec: lineChart({ points, lines, x: 'frame', y: 'r.m.s. error' }, PAGE),
  };
}
