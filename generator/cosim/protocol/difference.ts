import { GATES } from '../../network/model.js';
import type { CosimDesign } from '../design.js';
import type { Observation } from '../monitor/observations.js';
import { describeMismatch } from '../scoreboard/mismatch.js';
import type { ReferenceFrame } from '../scoreboard/reference.js';

type Values = Extract<Observation, { kind: 'sums' | 'states' | 'output' }>;

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
  const tensors =
    seen.kind === 'sums'
      ? ([['sums', of?.sums, seen.sums]] as const)
      : ([
          ['c', of?.c, seen.c],
          ['h', of?.h, seen.h],
        ] as const);
  for (const [tensor, expected, actual] of tensors) {
    for (let i = 0; i < actual.length; i++) {
      const row = i % rows;
      const at = cycle[row] as number;
      if (at < 0 || expected?.[i] === actual[i]) continue;
      const gate = tensor === 'sums' ? (GATES[Math.floor(i / rows)] ?? null) : null;
      return described({ frame, layer, tensor, gate, row, cycle: at }, expected?.[i], actual[i]);
    }
  }
  return null;
}

const OUTPUT = { layer: null, tensor: 'outputs', gate: null } as const;

function described(
  where: Omit<Parameters<typeof describeMismatch>[0], 'expected' | 'actual'>,
  expected: number | undefined,
  actual: number | undefined,
): Difference {
  const mismatch = { ...where, expected: expected ?? null, actual: actual ?? null };
  return { text: describeMismatch(mismatch).replace(/ \(cycle \d+\)$/, ''), cycle: where.cycle };
}
