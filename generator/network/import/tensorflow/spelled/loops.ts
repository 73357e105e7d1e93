import type { Builder } from '../builder.js';
import { unsupported } from '../errors.js';
import { addGru } from '../gru.js';
import { isLoop, type LoopVariable, type LoweredLoop, type LoweredNode } from '../lowered.js';
import { addLstm } from '../lstm.js';
import { blockCell, isBlock } from './block-cell.js';
import { cellOf, type LstmCell, type Step, shapeOf } from './cell.js';
import { counters, firstLength, runsOf } from './counts.js';
import { type GruCell, gruCellOf, gruShapeOf } from './gru-cell.js';
import type { Values } from './values.js';
import { wordsFor } from './words.js';

/** One step of a recurrent layer. */
type Cell = LstmCell | GruCell;

/** What a loop becomes. */
export interface Found {
  readonly values: Values;
  readonly shapes: Map<string, readonly number[]>;
  readonly file: string;
  /** Values [frames, batch, cells] by the name of the list that a loop hands out. */
  readonly lists: Map<string, string>;
}

const LISTS = /^tf\.(TensorArrayWriteV3|TensorListSetItem)$/;

/**
 * Adds the layers that a loop over frames is; what else it hands out becomes the output of an unknown node. False where
 * it is no recurrent layer. @throws UserError LSTM_UNSUPPORTED by the word of the field
 */
export function addLoop(loop: LoweredLoop, builder: Builder, found: Found): boolean {
  const { values, file, shapes, lists } = found;
  const nodes = loop.body.filter((item): item is LoweredNode => !isLoop(item));
  const states = new Set(loop.variables.map(({ before }) => before));
  const refuse = (got: string, expected?: string) => unsupported(file, loop.name, got, expected);
  const cells = cellsOf(loop, nodes, found);
  if (cells === null || nodes.length < loop.body.length) {
    const words = wordsFor(nodes, states, values);
    if (words !== null) throw refuse(words);
    return false;
  }
  const counts = counters(loop, values);
  const variable = (before: string) => loop.variables.find((own) => own.before === before);
  let frames = '';
  let below: string | null = null;
  let length: number | null = null;
  /** h of the last frame, by the variable of the loop. */
  const made = new Map<string, string>();
  cells.forEach((cell, layer) => {
    if (below === null) {
      frames = sequenceOf(cell.x, counts, values) ?? '';
      if (frames === '') {
        const node = values.node(cell.x);
        throw refuse(
          `${node?.name ?? cell.x} (${node?.op ?? 'a value'})`,
          'cells that read one frame after the other',
        );
      }
      const runs = runsOf(loop, frames, counts, values);
      length = firstLength(frames, shapes, values) ?? scattered(cell.x, values);
      if (runs === null || (runs !== 'frames' && runs !== length)) {
        const got = `${runs ?? 'a condition that is not followed'} of ${length ?? 'an unknown number'}`;
        throw refuse(got, 'a loop over all frames');
      }
    } else if (values.plain(cell.x) !== values.plain(below)) {
      throw refuse('cells that read other values', 'cells one above the other');
    }
    below = cell.h;
    const [h, c] = [cell.before.h, cell.before.c].map(variable);
    const every = builder.fresh(loop.name, 'h of every frame');
    const last = builder.fresh(loop.name, 'h of the last frame');
    const name = cells.length === 1 ? loop.name : `${loop.name} layer ${layer}`;
    const whole = {
      name,
      nodes: loop.of,
      inputs: cell.inputs,
      cells: cell.cells,
      tensors: cell.kind === 'lstm' ? tensorsOf(cell, name) : tensorsOf(cell, name, false),
      frames: layer === 0 ? frames : (lists.get(`${loop.name} ${layer - 1}`) ?? ''),
      timeFirst: true,
      start: { h: h?.start ?? '', c: c?.start ?? '' },
      outputs: { every, h: h?.end || last, c: c?.end || undefined },
    };
    if (cell.kind === 'lstm') addLstm(builder, { ...whole, gates: cell.gates });
    else addGru(builder, { ...whole, gates: cell.gates, reset: cell.reset });
    if (h !== undefined) made.set(h.before, last);
    if (length !== null) shapes.set(every, [length, -1, cell.cells]);
    lists.set(`${loop.name} ${layer}`, every);
  });
  const own = new Set(cells.flatMap(({ before }) => [before.h, before.c]));
  for (const { start, before, after, end } of loop.variables) {
    if (end === '' || own.has(before)) continue;
    const every = listOf(loop, { before, after }, cells, found, counts);
    if (every !== null) lists.set(end, every);
    else {
      const last = lastOf({ start, before, after }, cells, found);
      const own = last === null ? undefined : cells[last];
      const h = own && variable(own.before.h);
      if (h !== undefined) {
        const ends = h.end === '' ? (made.get(h.before) as string) : h.end;
        const first = builder.integers(loop.name, [0]);
        lists.set(end, builder.part(loop.name, 'Unsqueeze', [ends, first]));
      }
    }
    // nobody knows what it is, but that it depends on the frames
    builder.part(
      loop.name,
      'tf.Loop',
      [lists.get(`${loop.name} ${cells.length - 1}`) ?? ''],
      {},
      end,
    );
  }
  return true;
}

type Written = Pick<LoopVariable, 'before' | 'after'>;

/** The node with which a list gets an element in every run, and the number of the layer whose h that is. */
function writeOf({ before, after }: Written, cells: readonly Cell[], values: Values) {
  const write = values.node(after);
  if (write === null || !LISTS.test(write.op)) return null;
  const [list = '', index = '', item = '', flow = ''] = write.inputs;
  const layer = cells.findIndex(({ h }) => values.plain(h) === values.plain(item));
  const own = values.plain(write.op === 'tf.TensorListSetItem' ? list : flow) === before;
  return layer >= 0 && own ? { list, index, layer } : null;
}

/** h of every frame, where a variable is the list of them; null where it is none. */
function listOf(
  loop: LoweredLoop,
  variable: Written,
  cells: readonly Cell[],
  { values, lists }: Found,
  counts: ReadonlySet<string>,
): string | null {
  const write = writeOf(variable, cells, values);
  if (write === null || !counts.has(values.plain(write.index))) return null;
  return lists.get(`${loop.name} ${write.layer}`) ?? null;
}

/** The layer whose last h is the one element of a list; null where a variable is no such list. */
function lastOf(
  variable: Written & Pick<LoopVariable, 'start'>,
  cells: readonly Cell[],
  { values }: Found,
): number | null {
  const write = writeOf(variable, cells, values);
  if (write === null || values.number(write.index) !== 0) return null;
  const reserve = values.node(variable.start);
  const array = values.node(write.list);
  const elements =
    reserve?.op === 'tf.TensorListReserve'
      ? reserve.inputs[1]
      : array?.op === 'tf.TensorArrayV3'
        ? array.inputs[0]
        : undefined;
  return values.number(elements ?? '') === 1 ? write.layer : null;
}

/** What reports call the tensors of a cell; `apart`: two weights are those of x and those of h. */
export function tensorsOf({ weights, biases }: Step, name: string, apart = weights.length === 2) {
  const own = weights.length === 1 ? weights[0] : `${name} weights`;
  return {
    x: { name: apart ? `${weights[0]}` : `${own} (x)`, of: weights },
    h: { name: apart ? `${weights[1]}` : `${own} (h)`, of: weights },
    bias: { name: `${name} biases`, of: biases },
  };
}

/** The cells of a body, the lowest first; null where a variable of it is the state of none, or they are neither LSTM nor GRU. */
function cellsOf(
  loop: LoweredLoop,
  nodes: readonly LoweredNode[],
  { values, file }: Found,
): readonly Cell[] | null {
  const cells: Cell[] = [];
  const before = (after: string) =>
    loop.variables.find((own) => values.plain(own.after) === values.plain(after))?.before;
  for (const node of nodes) {
    if (isBlock(node)) {
      cells.push(blockCell(node, values, file));
      continue;
    }
    const [lstm, gru] = [shapeOf(node, values), gruShapeOf(node, values)];
    const shape = lstm ?? gru;
    if (shape === null) continue;
    const h = before(shape.h);
    const step = (own: string) =>
      (lstm && cellOf(lstm, own, values)) ?? (gru && gruCellOf(gru, own, values));
    const cell = h === undefined ? null : step(h);
    if (cell === null) return null;
    cells.push(cell);
  }
  const whole = cells.every(
    (cell) =>
      before(cell.h) === cell.before.h && (cell.kind === 'gru' || before(cell.c) === cell.before.c),
  );
  return cells.length > 0 && whole ? cells : null;
}

/** The value [frames, batch, inputs] of which x is the frame of this run; null where it is none. */
function sequenceOf(x: string, counts: ReadonlySet<string>, values: Values): string | null {
  const node = values.node(x);
  const [first = '', second = '', third = ''] = node?.inputs ?? [];
  const counted = (name: string) => counts.has(values.plain(name));
  switch (node?.op) {
    case 'tf.TensorArrayReadV3': {
      const scatter = values.node(third);
      if (scatter?.op !== 'tf.TensorArrayScatterV3' || !counted(second)) return null;
      return isRange(scatter.inputs[1] ?? '', values) ? (scatter.inputs[2] ?? null) : null;
    }
    case 'tf.TensorListGetItem': {
      const list = values.node(first);
      return list?.op === 'tf.TensorListFromTensor' && counted(second)
        ? (list.inputs[0] ?? null)
        : null;
    }
    case 'Gather':
      return (node.attributes.axis ?? 0) === 0 && counted(second) ? values.plain(first) : null;
    default:
      return null;
  }
}

/** How many frames an array has that x is read from: TensorFlow holds that against its indices; null where unknown. */
function scattered(x: string, values: Values): number | null {
  const scatter = values.node(values.node(x)?.inputs[2] ?? '');
  const indices = scatter?.op === 'tf.TensorArrayScatterV3' ? (scatter.inputs[1] ?? '') : '';
  const constant = values.constant(indices);
  if (constant !== null) return constant.data.length;
  const range = values.node(indices);
  return range?.op === 'tf.Range' ? values.number(range.inputs[1] ?? '') : null;
}

/** Whether a value is the numbers 0, 1, 2 ... */
export function isRange(name: string, values: Values): boolean {
  const constant = values.constant(name);
  if (constant !== null) return constant.data.every((value, i) => value === i);
  const node = values.node(name);
  const [start = '', , delta = ''] = node?.inputs ?? [];
  return node?.op === 'tf.Range' && values.number(start) === 0 && values.number(delta) === 1;
}
