import type { Random } from '../../../../generator/base/random.js';
import { ints, node, tensor } from '../../../support/onnx.js';
import type { Parts } from './lstm-graph.js';
import type { Gate, GateLayer } from './lstm-reference.js';

type Role = 'i' | 'f' | 'g' | 'o';

/** An LSTM cell written in small operators, in one of the many ways: drawn by `random`. */
export function spelledCell(
  layer: GateLayer,
  p: string,
  { x, h, c }: { readonly x: string; readonly h: string; readonly c: string },
  random: Random,
): Parts & { readonly what: string } {
  const { inputs, cells, gates } = layer;
  const flip = () => random.unit() < 0.5;
  const roles: Role[] = ['i', 'f', 'g', 'o'];
  const order = roles
    .map((role) => ({ role, at: random.unit() }))
    .sort((a, b) => a.at - b.at)
    .map(({ role }) => role);
  const nodes: Parts['nodes'][number][] = [];
  const tensors: Record<string, ReturnType<typeof tensor>> = {};
  const add = (op: string, from: readonly string[], to: string, attributes = {}) => {
    nodes.push(node(op, from, [`${p}${to}`], attributes));
    return `${p}${to}`;
  };
  const either = (op: string, a: string, b: string, to: string) =>
    add(op, flip() ? [a, b] : [b, a], to);
  const constant = (name: string, dims: number[], values: number[]) => {
    tensors[`${p}${name}`] = tensor(dims, values);
    return `${p}${name}`;
  };
  /** Rows of the matrices of some gates, one row for each sum. */
  const rowsOf = (part: (gate: Gate) => readonly (readonly number[])[], some: readonly Role[]) =>
    some.flatMap((role) => part(gates[role]));
  const across = (rows: readonly (readonly number[])[]) =>
    (rows[0] as readonly number[]).flatMap((_, i) => rows.map((row) => row[i] as number));
  const product = (
    kind: 'x' | 'h',
    some: readonly Role[],
    to: string,
    bias: readonly number[] | null,
  ) => {
    const rows = rowsOf((gate) => (kind === 'x' ? gate.W : gate.R), some);
    const [n, m] = [rows.length, rows[0]?.length as number];
    const value = kind === 'x' ? x : h;
    if (flip()) {
      const down = flip();
      const W = constant(`${to}_W`, down ? [m, n] : [n, m], down ? across(rows) : rows.flat());
      const b = bias ? [constant(`${to}_b`, flip() ? [n] : [1, n], [...bias])] : [];
      return add('Gemm', [value, W, ...b], to, down ? {} : { transB: 1 });
    }
    const plain = add('MatMul', [value, constant(`${to}_W`, [m, n], across(rows))], `${to}_p`);
    if (!bias) return plain;
    return either('Add', plain, constant(`${to}_b`, flip() ? [n] : [1, n], [...bias]), to);
  };
  /** Sums of some gates. */
  const sums = (some: readonly Role[], to: string) => {
    const [Wb, Rb] = [some.flatMap((r) => gates[r].Wb), some.flatMap((r) => gates[r].Rb)];
    const both = Wb.map((one, i) => one + (Rb[i] as number));
    const where = Math.floor(3 * random.unit());
    const own = product('x', some, `${to}_x`, where === 0 ? both : where === 1 ? Wb : null);
    const back = product('h', some, `${to}_h`, where === 1 ? Rb : null);
    const sum = either('Add', own, back, `${to}_s`);
    if (where < 2) return sum;
    return either('Add', sum, constant(`${to}_c`, [both.length], both), `${to}_t`);
  };
  const cut = (whole: string, from: number, to: number, name: string) => {
    for (const [kind, list] of [
      ['a', [from]],
      ['b', [to]],
      ['x', [flip() ? 1 : -1]],
    ] as const) {
      tensors[`${p}${name}_${kind}`] = ints(...list);
    }
    return add('Slice', [whole, ...['a', 'b', 'x'].map((kind) => `${p}${name}_${kind}`)], name);
  };
  const form = Math.floor(3 * random.unit());
  const sum: Partial<Record<Role, string>> = {};
  if (form === 0) for (const role of order) sum[role] = sums([role], role);
  else {
    const whole = sums(order, 'all');
    if (form === 1) {
      const outputs = order.map((role) => `${p}${role}_sum`);
      nodes.push(node('Split', [whole], outputs, { axis: flip() ? 1 : -1 }));
      order.forEach((role) => {
        sum[role] = `${p}${role}_sum`;
      });
    } else {
      order.forEach((role, i) => {
        sum[role] = cut(whole, i * cells, (i + 1) * cells, `${role}_cut`);
      });
    }
  }
  const act = (role: Role) =>
    add(role === 'g' ? 'Tanh' : 'Sigmoid', [sum[role] as string], `${role}_act`);
  const [i, f, g, o] = (['i', 'f', 'g', 'o'] as const).map(act) as [string, string, string, string];
  const kept = either('Mul', f, c, 'kept');
  const fresh = either('Mul', i, g, 'new');
  const after = either('Add', kept, fresh, 'c');
  either('Mul', o, add('Tanh', [after], 'tanh'), 'h');
  const what = `${inputs} -> ${cells}, form ${form}, order ${order.join('')}`;
  return { nodes, tensors, what };
}
