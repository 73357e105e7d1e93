import type { TracedParameters } from '../accelerator/build/trace-records.js';
import { UserError } from '../base/errors.js';
import { hardwareTrace } from '../design/manifest/chain-trace.js';
import type { Model } from '../network/model.js';
import { programOf } from '../network/program.js';
import type { RecordedTrace } from './trace.js';

/** What the hardware alone decides, from `parameters` of design.json, of each engine. */
export type TraceParameters = Omit<TracedParameters, 'words'>;

/**
 * Holds the trace that a manifest describes against what the hardware shows of the model: a value under a wrong name, or of
 * a wrong width, would be compared with something else.
 * @throws UserError DESIGN_RECORDS with the first field that differs
 */
export function checkTrace(
  directory: string,
  trace: RecordedTrace,
  model: Model,
  engines: readonly TraceParameters[],
  cuts: readonly number[] = [],
): void {
  const { words } = programOf(model);
  const orders = programOf(model).passes.map(
    ({ index }) => trace.layers.find(({ pass }) => pass === index)?.order ?? null,
  );
  const known = engines.map((parameters) => ({ ...parameters, words }));
  const expected = hardwareTrace(known, model, cuts, orders);
  const found = difference(expected, trace, 'trace');
  if (found === null) return;
  throw new UserError({
    code: 'DESIGN_RECORDS',
    message: `${directory}/design.json does not describe what its hardware shows: ${found.field} must be ${found.expected}, is ${found.got}; generate the design anew`,
    file: directory,
    ...found,
  });
}

interface Difference {
  readonly field: string;
  /** As JSON. */
  readonly expected: string;
  readonly got: string;
}

/** The first leaf in which two plain values differ. */
function difference(expected: unknown, got: unknown, field: string): Difference | null {
  if (isRecord(expected) && isRecord(got)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(got)]);
    for (const key of keys) {
      const found = difference(expected[key], got[key], `${field}.${key}`);
      if (found !== null) return found;
    }
    return null;
  }
  if (expected === got) return null;
  const text = (value: unknown) => (value === undefined ? 'absent' : JSON.stringify(value));
  return { field, expected: text(expected), got: text(got) };
}

/** Objects and lists. */
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
