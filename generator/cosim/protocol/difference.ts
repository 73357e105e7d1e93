import type { CosimDesign } from '../design.js';
import type { Observation } from '../monitor/observations.js';
import { describeMismatch, OUTPUTS } from '../scoreboard/mismatch.js';
import type { ReferenceFrame } from '../scoreboard/reference.js';
import { split, type TracedLayer, type TracedRecord } from '../trace.js';

type Values = Extract<Observation, { kind: 'rows' | 'output' }>;

export interface Difference {
  readonly text: string;
  readonly cycle: number;
}

/**
 * The first value of a frame that is not what the golden model has, or null. Rows that a reset has kept from coming are
 * left out; a frame that was not due (`golden` null) differs in its first value.
 */
export function differenceOf(
  design: CosimDesign,
  frame: number,
  golden: ReferenceFrame | null,
  seen: Values,
): Difference | null {
  if (seen.kind === 'output') {
    const lanes = design.ports.streamLanes;
    const due = Math.ceil(design.outputs / lanes) * lanes;
    const { values, cycle } = seen;
    const expected =
      golden === null ? [] : Array.from({ length: due }, (_, row) => golden.outputs[row] ?? 0);
    const rows = Math.max(values.length, expected.length);
    for (let row = 0; row < rows; row++) {
      if (values[row] === expected[row]) continue;
      return described({ ...OUTPUT, frame, row, cycle }, expected[row], values[row]);
    }
    return null;
  }
  const { layer, cycle } = seen;
  const of = golden?.layers[layer];
  const rows = cycle.length;
  const record = design.trace.records[seen.record] as TracedRecord;
  const traced = design.trace.layers[layer] as TracedLayer;
  for (const [{ name: tensor, role, channels }, actual] of split(
    record,
    traced,
    rows,
    seen.values,
  )) {
    const expected = of?.[role];
    for (let i = 0; i < actual.length; i++) {
      const row = i % rows;
      const at = cycle[row] as number;
      if (at < 0 || expected?.[i] === actual[i]) continue;
      const gate = channels?.[Math.floor(i / rows)] ?? null;
      return described({ frame, layer, tensor, gate, row, cycle: at }, expected?.[i], actual[i]);
    }
  }
  return null;
}

const OUTPUT = { layer: null, tensor: OUTPUTS, gate: null } as const;

function described(
  where: Omit<Parameters<typeof describeMismatch>[0], 'expected' | 'actual'>,
  expected: number | undefined,
  actual: number | undefined,
): Difference {
  const mismatch = { ...where, expected: expected ?? null, actual: actual ?? null };
  return { text: describeMismatch(mismatch).replace(/ \(cycle \d+\)$/, ''), cycle: where.cycle };
}
