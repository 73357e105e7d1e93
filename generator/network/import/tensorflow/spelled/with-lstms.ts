import { Builder } from '../builder.js';
import { unsupported } from '../errors.js';
import { isLoop, type Lowered, type LoweredNode } from '../lowered.js';
import { blockCell, isBlock, stepsOf, wordOf } from './block-cell.js';
import { addLayer } from './cells.js';
import { firstLength } from './counts.js';
import { addLoop, type Found } from './loops.js';
import { isRange } from './sequence.js';
import { Values } from './values.js';

/** Recurrent operators that no hardware is there for, by the word of the field. */
const OTHER_LAYERS: Readonly<Record<string, string>> = {
  'tf.CudnnRNN': 'CudnnRNN, whose weights are one block',
  'tf.CudnnRNNV2': 'CudnnRNN, whose weights are one block',
  'tf.CudnnRNNV3': 'CudnnRNN, whose weights are one block',
};

/**
 * The graph with the operators LSTM, GRU and RNN in the place of loops and blocks that are one.
 * @throws UserError LSTM_UNSUPPORTED for recurrent layers that the hardware does not have
 */
export function withLstms(lowered: Lowered, file: string, bytes: number): Lowered {
  const spelled = lowered.items.some(
    (item) => isLoop(item) || isBlock(item) || OTHER_LAYERS[item.op],
  );
  if (!spelled) return lowered;
  const values = new Values(lowered, file, bytes);
  const builder = new Builder(lowered.collected);
  const shapes = new Map(lowered.collected.shapes);
  for (const { name, shape } of lowered.inputs) if (shape !== null) shapes.set(name, shape);
  const found: Found = { values, file, shapes, lists: new Map() };
  for (const item of lowered.items) {
    if (isLoop(item)) {
      if (addLoop(item, builder, found)) continue;
      const inputs = item.variables.map(({ start }) => start).filter((name) => name !== '');
      const outputs = item.variables.map(({ end }) => end).filter((name) => name !== '');
      builder.items.push({
        op: 'tf.Loop',
        name: item.name,
        of: item.of,
        inputs,
        outputs,
        attributes: {},
      });
      continue;
    }
    const other = OTHER_LAYERS[item.op];
    if (other !== undefined) throw unsupported(file, item.name, other);
    if (isBlock(item)) addBlock(item, builder, found);
    else if (!addList(item, builder, found)) builder.items.push(item);
  }
  return { ...lowered, items: builder.items };
}

/** A list of what every run of a loop has written, as one value. */
function addList(node: LoweredNode, builder: Builder, { lists, values, shapes }: Found): boolean {
  const { op, name, of, inputs, outputs } = node;
  const array = op === 'tf.TensorArrayGatherV3';
  if (!array && op !== 'tf.TensorListStack') return false;
  const every = lists.get(values.plain(inputs[array ? 2 : 0] ?? ''));
  if (every === undefined || (array && !isRange(inputs[1] ?? '', values))) return false;
  const shape = shapes.get(every);
  if (shape !== undefined) shapes.set(outputs[0] ?? '', shape);
  builder.items.push({
    op: 'Identity',
    name,
    of,
    inputs: [every],
    outputs: outputs.slice(0, 1),
    attributes: {},
  });
  return true;
}

/** An operator that is an LSTM over all frames. */
function addBlock(node: LoweredNode, builder: Builder, { values, file, shapes }: Found): void {
  const { name, outputs } = node;
  const steps = stepsOf(node);
  if (steps === '') {
    const word = wordOf(node);
    throw unsupported(file, name, `a single step: ${word}`, `${word} layers that read all frames`);
  }
  const cell = blockCell(node, values, file);
  const [runs, length] = [values.number(steps), firstLength(cell.x, shapes, values)];
  if (runs === null || runs !== length) {
    throw unsupported(
      file,
      name,
      `${runs ?? 'a number of steps that is computed'}, frames: ${length ?? 'unknown'}`,
      'all frames',
    );
  }
  addLayer(builder, cell, {
    name,
    nodes: node.of,
    frames: cell.x,
    timeFirst: true,
    start: cell.before,
    outputs: { every: cell.h || undefined },
  });
  const others = outputs.filter((output) => output !== cell.h);
  if (others.length > 0 && cell.h !== '') {
    builder.items.push({
      op: 'tf.BlockLSTM',
      name: builder.fresh(name, 'states'),
      of: [name],
      inputs: [cell.h],
      outputs: others,
      attributes: {},
    });
  }
}
