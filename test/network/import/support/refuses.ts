import { expect, it } from 'vitest';
import { importNetwork } from '../../../../generator/network/import/import.js';
import type { Imported } from '../../../../generator/network/import/imported.js';
import { type GraphMessage, node, onnxFile } from '../../../support/onnx.js';
import { refusal } from '../../../support/refusal.js';
import { graphOf, lstm, type Parts } from './lstm-graph.js';
import { first, gemm, outputs, parts, rows, second, squeezed, two } from './standard-network.js';

/** What is refused, the code and field of the error, and what its message says. */
export type Refusal = readonly [
  what: string,
  graph: GraphMessage,
  code: string,
  field: string,
  says: string | RegExp,
];

export const read = (
  graph: GraphMessage,
  model: Parameters<typeof onnxFile>[1] = {},
  ...map: string[]
): Imported => importNetwork(onnxFile(graph, model), 'net.onnx', { map });

/** A test for each file. */
export function refuses(cases: readonly Refusal[]): void {
  it.each(cases)('%s', (_, graph, code, field, says) => {
    const report = refusal(() => read(graph));
    expect(report).toMatchObject({ code, field, file: 'net.onnx' });
    expect(report.expected).toBeDefined();
    expect(report.message).toMatch(says);
  });
}

/** The first layer alone, with more attributes or inputs, and what else it needs. */
export const one = (
  own: Parameters<typeof lstm>[3],
  before: Parts = parts([]),
  more: readonly Record<string, unknown>[] = [],
): GraphMessage => graphOf([before, lstm(first, 0, 'x', own)], { outputs: ['Y_0'], more });

/** Both layers with something else on the way from the first to the second. */
export const between = (own: Parts, from = 's_0'): GraphMessage =>
  graphOf([lstm(first, 0, 'x'), squeezed('Y_0', 's_0'), own, lstm(second, 1, from)], {
    outputs: ['Y_1'],
  });

/** Both layers and what follows. */
export const after = (...own: Parts[]): GraphMessage => graphOf([...two, ...own], { outputs });

export const of = (
  op: string,
  input: readonly string[],
  output: string,
  attributes: Parameters<typeof node>[3] = {},
): Parts => parts([node(op, input, [output], attributes)]);

/** A file that is taken. */
export const good: GraphMessage = graphOf([...two, rows, gemm], { outputs });
