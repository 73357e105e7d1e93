import { patternKind } from '../sparsity/kind-of.js';
import type { Pattern } from '../sparsity/registry.js';
import { cellOf } from './cells/registry.js';
import type { InitialState, Model, ModelOperand, ModelPass, SparseMatrix } from './model.js';

/**
 * The order of the hidden units of each pass: unit r stands where unit `order[r]` of the network stood; null: as the network has
 * them. Hidden units may stand in any order, where the columns of all matrices that read them follow: no result changes.
 */
export type UnitOrders = readonly (readonly number[] | null)[];

/** The model with its hidden units in another order. */
export function withOrders(model: Model, orders: UnitOrders): Model {
  const orderOf = (pass: number): readonly number[] =>
    orders[pass] ?? Array.from({ length: (model.passes[pass] as ModelPass).rows }, (_, r) => r);
  const lengths = [model.input.length, ...model.passes.map(({ rows }) => rows)];
  const columnsOf = ({ vectors }: ModelOperand): Int32Array => {
    let base = 0;
    return Int32Array.from(
      vectors.flatMap((vector) => {
        const first = base;
        base += lengths[vector] as number;
        const own = vector === 0 ? null : orders[vector - 1];
        const order = own ?? Array.from({ length: lengths[vector] as number }, (_, r) => r);
        return order.map((r) => first + r);
      }),
    );
  };
  const passes = model.passes.map((pass, n): ModelPass => {
    const rows = Int32Array.from(orderOf(n));
    const { operands, bias, initial } = pass;
    const inOrder = (codes: Int32Array) => perRow(codes, rows);
    return {
      ...pass,
      operands: operands.map((operand) => ({
        ...operand,
        matrix: permutedMatrix(operand.matrix, rows, columnsOf(operand)),
      })),
      bias: inOrder(bias),
      ...(initial && { initial: initialIn(initial, inOrder) }),
    };
  });
  return { ...model, passes };
}

function initialIn(
  { bias, state }: InitialState,
  inOrder: (codes: Int32Array) => Int32Array,
): InitialState {
  return { bias: inOrder(bias), state: state && inOrder(state) };
}

/** Codes [channel][row] with the rows in another order. */
function perRow(codes: Int32Array, rows: Int32Array): Int32Array {
  const result = new Int32Array(codes.length);
  for (let first = 0; first < codes.length; first += rows.length) {
    rows.forEach((old, now) => {
      result[first + now] = codes[first + old] as number;
    });
  }
  return result;
}

function permutedMatrix(matrix: SparseMatrix, rows: Int32Array, columns: Int32Array): SparseMatrix {
  const { codes, patterns } = matrix;
  const size = matrix.rows * matrix.columns;
  const result = new Int16Array(codes.length);
  for (let gate = 0; gate < codes.length; gate += size) {
    rows.forEach((oldRow, row) => {
      const [from, to] = [gate + oldRow * matrix.columns, gate + row * matrix.columns];
      columns.forEach((old, column) => {
        result[to + column] = codes[from + old] as number;
      });
    });
  }
  const own = patterns.map((pattern) =>
    patternKind(pattern).order.permuted(pattern, rows, columns),
  );
  return { ...matrix, codes: result, patterns: own as readonly Pattern[] };
}

/**
 * Orders in which each layer first makes what the next one reads first: from the last layer down, the units of a layer by the
 * first row above that reads them. Rows of the last layer stay, its outputs leave as the network has them. Null where nothing
 * moves.
 */
export function ordersByUse(model: Model): UnitOrders | null {
  const { passes } = model;
  const orders: (readonly number[] | null)[] = passes.map(() => null);
  const last = passes.length - 1;
  for (let n = last - 1; n >= 0; n--) {
    // passes that share a state have one order
    if (isPaired(passes, n) || isPaired(passes, n + 1)) continue;
    orders[n] = orderOf(model, orders, n);
  }
  return orders.some((order) => order !== null) ? orders : null;
}

/** Whether pass `n` and the one before it share a state. */
export const isPaired = (passes: readonly ModelPass[], n: number): boolean => {
  const pass = passes[n];
  return pass !== undefined && cellOf(pass.cell).behind !== undefined;
};

function orderOf({ passes }: Model, orders: UnitOrders, n: number): readonly number[] | null {
  const { rows } = passes[n] as ModelPass;
  const unit = unitsOf(passes, n);
  const whole = Math.floor(rows / unit);
  if (whole < 2) return null;
  const reader = passes.findIndex(({ operands }) =>
    operands.some(({ vectors, age }) => age === 0 && vectors.includes(n + 1)),
  );
  if (reader < 0) return null;
  // blocks of a matrix on several vectors may lie across two of them
  const beside = passes.some(({ operands }) =>
    operands.some(({ vectors }) => vectors.length > 1 && vectors.includes(n + 1)),
  );
  if (beside) return null;
  const uses = firstUses(passes, orders, n, reader);
  const of = (block: number) => Math.min(...uses.subarray(block * unit, (block + 1) * unit));
  const blocks = Array.from({ length: whole }, (_, block) => ({ block, use: of(block) }));
  blocks.sort((a, b) => a.use - b.use || a.block - b.block);
  if (blocks.every(({ block }, i) => block === i)) return null;
  const order = blocks.flatMap(({ block }) =>
    Array.from({ length: unit }, (_, i) => block * unit + i),
  );
  return [...order, ...Array.from({ length: rows - order.length }, (_, i) => order.length + i)];
}

/** How many neighbouring units of a pass stay together: whole blocks of its own matrices and of those that read it. */
export function unitsOf(passes: readonly ModelPass[], n: number): number {
  const matrices = passes.flatMap(({ operands }, pass) =>
    operands.flatMap(({ vectors, matrix }) =>
      pass === n || vectors.includes(n + 1) ? [matrix] : [],
    ),
  );
  const units = matrices.flatMap(({ patterns }) =>
    patterns.map((pattern) => patternKind(pattern).order.unit(pattern)),
  );
  return units.reduce(leastCommonMultiple, 1);
}

/** By unit of pass `n`: the place of the first row of the pass `reader` that has a weight for it. */
function firstUses(
  passes: readonly ModelPass[],
  orders: UnitOrders,
  n: number,
  reader: number,
): Float64Array {
  const { rows, operands } = passes[reader] as ModelPass;
  const uses = new Float64Array((passes[n] as ModelPass).rows).fill(rows);
  const order = orders[reader] ?? Array.from({ length: rows }, (_, r) => r);
  for (const { vectors, age, matrix } of operands) {
    if (age !== 0 || !vectors.includes(n + 1)) continue;
    for (const pattern of matrix.patterns) {
      const { runsOfRow } = patternKind(pattern);
      order.forEach((row, place) => {
        for (const [first, width] of runsOfRow(pattern, row)) {
          const to = Math.min(uses.length, first + width);
          for (let i = first; i < to; i++) if (place < (uses[i] as number)) uses[i] = place;
        }
      });
    }
  }
  return uses;
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
