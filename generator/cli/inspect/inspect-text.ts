import { directionText } from '../../network/directions.js';
import type { FormatName, LeftOut } from '../../network/import/imported.js';
import type { NetworkReport } from '../../network/inspect/inspect.js';
import type { ZeroReport } from '../../network/inspect/zeros.js';
import { patternKind } from '../../sparsity/kind-of.js';
import { leftOutLines } from '../text/left-out-text.js';
import { textTable } from '../text/text-table.js';
import { isRecurrent, weightsWord } from '../text/weights-text.js';
import type { NextStep } from './inspect-next.js';

/** What `inspect` reports about a float network: the JSON object, and the source of the text. */
export interface InspectionReport extends NetworkReport {
  readonly file: string;
  readonly bytes: number;
  readonly format: FormatName;
  /** Everything in the file that becomes no hardware. */
  readonly leftOut: readonly LeftOut[];
  readonly next: readonly NextStep[];
}

export function inspectionLines(report: InspectionReport): readonly string[] {
  const { file, format, layers, output, weights, nonZero, tensors, matrices } = report;
  const cells = layers.map(({ cell }) => cell);
  const what = isRecurrent(cells) ? 'recurrent layer' : 'layer';
  const count = `${layers.length} ${what}${layers.length === 1 ? '' : 's'}`;
  return [
    `${file}: ${format}, ${count}, ${nonZero} of ${weights} ${weightsWord(cells)} are not zero`,
    ...layers.map(
      ({ cell, inputs, cells, ...way }, l) =>
        `  layer ${l}: ${directionText(way)}${cell}, ${inputs} inputs, ${cells} cells`,
    ),
    output === null
      ? '  no output layer'
      : `  output: ${output.inputs} inputs, ${output.outputs} outputs`,
    '',
    ...textTable([
      ['tensor', 'shape', 'smallest', 'largest', 'r.m.s.', 'zeros', 'of'],
      ...tensors.map(({ name, shape, min, max, rms, zeros, values }) => [
        name,
        shape.join(' x '),
        figure(min),
        figure(max),
        figure(rms),
        zeros,
        values,
      ]),
    ]),
    '',
    ...zeroLines(matrices),
    ...section('not part of the hardware', leftOutLines(report.leftOut)),
    ...section('notes', report.notes),
    ...section('next', nextLines(report)),
  ];
}

/**
 * The zeros of every matrix: a table for each kind of pattern that describes some, with what is out of order under it. The
 * first has the matrices too that no pattern describes.
 */
function zeroLines(matrices: readonly ZeroReport[]): readonly string[] {
  const found = matrices.flatMap(({ patterns }) => patterns.slice(0, 1));
  const [first] = found;
  if (first === undefined) {
    return textTable([HEAD, ...matrices.map(({ name, kind }) => [name, KINDS[kind]])]);
  }
  return [...new Set(found.map(({ kind }) => kind))].flatMap((kind) => {
    const own = matrices.filter(({ patterns }) => (patterns[0] ?? first).kind === kind);
    return findingLines(own, patternKind({ kind }).report.findings);
  });
}

type Findings = ReturnType<typeof patternKind>['report']['findings'];

function findingLines(
  matrices: readonly ZeroReport[],
  { explained, head, cells, notes }: Findings,
): readonly string[] {
  return [
    explained,
    ...textTable([
      [...HEAD, ...head],
      ...matrices.flatMap(({ name, kind, patterns }) => {
        if (patterns.length === 0) return [[name, KINDS[kind]]];
        return patterns.map((pattern, i) => [
          i === 0 ? name : '',
          i === 0 ? KINDS[kind] : '',
          ...cells(pattern),
        ]);
      }),
    ]),
    ...matrices.flatMap(({ name, kind, patterns: [nearest] }) =>
      kind !== 'near' || nearest === undefined
        ? []
        : notes(nearest).map((note) => `${name} in ${note}`),
    ),
  ];
}

const HEAD = ['matrix', 'zeros'];
const KINDS = { dense: 'dense', exact: 'a pattern', near: 'no pattern; near' } as const;

function nextLines({ next, layers }: InspectionReport): readonly string[] {
  return [
    ...next.flatMap(({ command, does }) => [command, `    ${does}`]),
    `FRAMES.npy: inputs of the network, float32 [utterances, frames, ${layers[0]?.inputs}]`,
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}

function figure(value: number): string {
  return value === 0 ? '0' : value.toPrecision(3);
}
