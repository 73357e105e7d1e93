import type { LeftOut } from '../../network/import/imported.js';
import type { NetworkReport } from '../../network/inspect/inspect.js';
import type { OddRow, ZeroReport } from '../../network/inspect/zeros.js';
import { leftOutLines } from '../text/left-out-text.js';
import { textTable } from '../text/text-table.js';
import type { NextStep } from './inspect-next.js';

/** What `inspect` reports about a float network: the JSON object, and the source of the text. */
export interface InspectionReport extends NetworkReport {
  readonly file: string;
  readonly bytes: number;
  readonly format: 'safetensors' | 'onnx';
  /** Everything in the file that becomes no hardware. */
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly string[];
  readonly next: readonly NextStep[];
}

export function inspectionLines(report: InspectionReport): readonly string[] {
  const { file, format, layers, output, weights, nonZero, tensors, matrices } = report;
  const count = layers.length === 1 ? '1 LSTM layer' : `${layers.length} LSTM layers`;
  return [
    `${file}: ${format}, ${count}, ${nonZero} of ${weights} LSTM weights are not zero`,
    ...layers.map(({ inputs, cells }, l) => `  layer ${l}: ${inputs} inputs, ${cells} cells`),
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

/** The zeros of every matrix as blocks: one table, and under it what is out of balance. */
function zeroLines(matrices: readonly ZeroReport[]): readonly string[] {
  const blocks = matrices.some(({ patterns }) => patterns.length > 0);
  const explained =
    'The zeros as blocks of N x N weights, outermost level first; keep = blocks kept in a block row.';
  const head = ['matrix', 'zeros', 'blocks', 'keep', 'gates', 'kept', 'of them zero', 'index bits'];
  return [
    ...(blocks ? [explained] : []),
    ...textTable([
      blocks ? [...head, 'odd block rows'] : head.slice(0, 2),
      ...matrices.flatMap(({ name, kind, patterns }) => {
        if (patterns.length === 0) return [[name, KINDS[kind]]];
        return patterns.map((pattern, i) => [
          i === 0 ? name : '',
          i === 0 ? KINDS[kind] : '',
          pattern.blocks.join(),
          pattern.keep.join(),
          pattern.sharing,
          pattern.kept,
          pattern.beyond,
          pattern.indexBits,
          pattern.oddRows,
        ]);
      }),
    ]),
    ...matrices.flatMap(({ name, kind, patterns: [nearest] }) =>
      kind !== 'near' || nearest === undefined
        ? []
        : nearest.first.map((row) => `${name} in blocks ${nearest.blocks.join()}: ${oddRow(row)}`),
    ),
  ];
}

const KINDS = { dense: 'dense', exact: 'a pattern', near: 'no pattern; near' } as const;

function oddRow({ gate, blockSize, blockRow, outerColumn, used, usual }: OddRow): string {
  const of = gate === null ? '' : ` of gate ${gate}`;
  const inside = outerColumn === null ? '' : `, inside kept block column ${outerColumn},`;
  return `block row ${blockRow}${of} of the ${blockSize}-blocks${inside} has ${used}, most have ${usual}`;
}

function nextLines({ next, layers }: InspectionReport): readonly string[] {
  return [
    ...next.flatMap(({ command, does }) => [command, `    ${does}`]),
    `FRAMES.npy: inputs of the LSTM, float32 [utterances, frames, ${layers[0]?.inputs}]`,
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}

function figure(value: number): string {
  return value === 0 ? '0' : value.toPrecision(3);
}
