import type { RecurrentCell } from '../../cells/registry.js';
import { functionsText, type SigmoidChoice, type TableFunctions } from '../../table-functions.js';
import { HARD_SIGMOID_ALPHA, hardSigmoid } from '../functions.js';
import type { Attributes } from './attributes.js';
import type { Fail } from './errors.js';

/** Functions that a node may have, in the order of the attribute, and the cell that they make of it; the default first. */
export type CellFunctions = readonly (readonly [
  functions: readonly string[],
  cell: RecurrentCell,
])[];

/** What the gates and states of a node go through; `functions` is undefined where that is sigmoid and tanh. */
export interface Activations {
  readonly cell: RecurrentCell;
  readonly functions: TableFunctions | undefined;
  readonly notes: readonly string[];
}

const ATTRIBUTES = ['activation_alpha', 'activation_beta'] as const;

/**
 * Reads `activations` with `activation_alpha` and `activation_beta`, whose values belong to those of the functions that
 * take any, in their order: here each HardSigmoid, max(0, min(1, alpha x + beta)), alpha 0.2 and beta 1/2 if none are given.
 * A node of two directions has the functions of the forward one and then those of the other, which are the same here.
 * @throws UserError LSTM_UNSUPPORTED
 */
export function activationsOf(
  label: string,
  cells: CellFunctions,
  attributes: Attributes,
  directions: number,
  fail: Fail,
): Activations {
  const [[standard]] = cells as readonly [CellFunctions[number]];
  const all = attributes.strings('activations');
  const names = all?.slice(0, Math.ceil(all.length / directions)) ?? standard;
  const alike = all?.every(
    (one, i) => one.toLowerCase() === names[i % names.length]?.toLowerCase(),
  );
  if (all && (all.length !== directions * names.length || !alike)) {
    throw fail(`${label}.activations`, 'the same functions in both directions', all.join(', '));
  }
  const words = names.map((name) => name.toLowerCase());
  // a hard sigmoid stands where a sigmoid does
  const hard = words.filter((word) => word === 'hardsigmoid').length;
  const plain = words.map((word) => (word === 'hardsigmoid' ? 'sigmoid' : word));
  const cell = cells.find(
    ([functions]) =>
      functions.length === plain.length &&
      functions.every((one, i) => one.toLowerCase() === plain[i]),
  )?.[1];
  if (cell === undefined) {
    const known = cells.map(([functions]) => functions.join(', ')).join(' or ');
    const also = standard.includes('Sigmoid') ? ', or HardSigmoid in place of Sigmoid' : '';
    const expected = `${known}${also} (there is no hardware for others yet: train the network with them)`;
    throw fail(`${label}.activations`, expected, names.join(', '));
  }
  for (const name of ATTRIBUTES) {
    const values = attributes.floats(name) ?? [];
    if (values.length <= directions * hard) continue;
    const expected = hard === 0 ? 'none' : `${directions * hard}, one for each HardSigmoid`;
    throw fail(`${label}.${name}`, expected, values.join(', '));
  }
  if (hard === 0) return { cell, functions: undefined, notes: [] };
  const functions: TableFunctions = {
    sigmoid: sigmoidOf(label, attributes, directions, fail),
    tanh: { kind: 'tanh' },
  };
  return { cell, functions, notes: [`${label}: its gates have ${functionsText(functions)}`] };
}

/** The hard sigmoid of the gates, of which a cell has one. */
function sigmoidOf(
  label: string,
  attributes: Attributes,
  directions: number,
  fail: Fail,
): SigmoidChoice {
  const [alpha, beta] = ATTRIBUTES.map((name, i) => {
    const given = attributes.floats(name) ?? [];
    const own = Array.from({ length: directions }, (_, d) => given[d] ?? [0.2, 0.5][i]);
    if (new Set(own).size === 1) return own[0];
    throw fail(`${label}.${name}`, 'the same hard sigmoid in both directions', own.join(', '));
  }) as [number, number];
  if (beta !== 0.5) {
    throw fail(`${label}.activation_beta`, '0.5: the hardware has 1/2 at zero', `${beta}`);
  }
  const found = hardSigmoid(alpha);
  if (found !== null) return found;
  const { least, most } = HARD_SIGMOID_ALPHA;
  throw fail(`${label}.activation_alpha`, `from ${least} to ${most}, as tables have`, `${alpha}`);
}
