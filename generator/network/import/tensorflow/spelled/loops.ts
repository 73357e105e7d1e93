import type { Builder } from '../builder.js';
import { unsupported } from '../errors.js';
import { isLoop, type LoweredLoop, type LoweredNode } from '../lowered.js';
import { addLayer, cellsOf, valuesOf } from './cells.js';
import { counters, firstLength, runsOf } from './counts.js';
import { writtenTo } from './lists.js';
import { scattered, sequenceOf } from './sequence.js';
import type { Values } from './values.js';
import { wordsFor } from './words.js';

/** What a loop becomes. */
export interface Found {
  readonly values: Values;
  readonly shapes: Map<string, readonly number[]>;
  readonly file: string;
  /** Values [frames, batch, cells] by the name of the list that a loop hands out. */
  readonly lists: Map<string, string>;
}

/**
 * Adds the layers that a loop over frames is; what else it hands out becomes the output of an unknown node. False where
 * it is no recurrent layer. @throws UserError LSTM_UNSUPPORTED by the word of the field
 */
export function addLoop(loop: LoweredLoop, builder: Builder, found: Found): boolean {
  const { values, file, shapes, lists } = found;
  const nodes = loop.body.filter((item): item is LoweredNode => !isLoop(item));
  const states = new Set(loop.variables.map(({ before }) => before));
  const refuse = (got: string, expected?: string) => unsupported(file, loop.name, got, expected);
  const cells = cellsOf(loop, nodes, values, file);
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
  /** h of every frame and of the last one, of each layer. */
  const made: { readonly every: string; readonly last: string }[] = [];
  for (const [layer, cell] of cells.entries()) {
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
    const last = h?.end || builder.fresh(loop.name, 'h of the last frame');
    addLayer(builder, cell, {
      name: cells.length === 1 ? loop.name : `${loop.name} layer ${layer}`,
      nodes: loop.of,
      frames: made.at(-1)?.every ?? frames,
      timeFirst: true,
      start: { h: h?.start ?? '', c: c?.start ?? '' },
      outputs: { every, h: last, c: c?.end || undefined },
    });
    if (length !== null) shapes.set(every, [length, -1, valuesOf(cell)]);
    made.push({ every, last });
  }
  const own = new Set(cells.flatMap(({ before }) => [before.h, before.c]));
  for (const { start, before, after, end } of loop.variables) {
    if (end === '' || own.has(before)) continue;
    const written = writtenTo({ start, before, after }, cells, counts, length, values);
    const layer = made[written?.layer ?? -1];
    if (written !== null && layer !== undefined) {
      const first = builder.integers(loop.name, [0]);
      const value =
        written.which === 'every'
          ? layer.every
          : builder.part(loop.name, 'Unsqueeze', [layer.last, first]);
      if (written.as === 'tensor') {
        builder.part(loop.name, 'Identity', [value], {}, end);
        continue;
      }
      lists.set(end, value);
    }
    // nobody knows what it is, but that it depends on the frames
    builder.part(loop.name, 'tf.Loop', [made.at(-1)?.every ?? ''], {}, end);
  }
  return true;
}
