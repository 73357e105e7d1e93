import { flag, packRecord } from '../build/record.js';
import { layerTable } from '../control/layer-table.js';
import { decoderIn } from '../decoder/registry.js';
import type { PlacedModel, StoreSize } from '../memory/store.js';
import { type Configuration, wordColumns } from '../plan/configuration.js';
import { hRowsOf } from '../plan/configure.js';
import { aheadOf } from '../schedule/jobs.js';
import { type MatrixWalk, type PassWalk, tilesOfPass } from '../schedule/pass-walk.js';
import { orderInMemory, readsInput } from '../schedule/side-by-side.js';
import { imageOfWords } from './hex.js';

/** Values of the layer table word of one layer, by field. */
export function layerRecord(
  c: Configuration,
  { walks, allowances }: Pick<PlacedModel, 'walks' | 'allowances'>,
  walk: PassWalk,
): Readonly<Record<string, number>> {
  const side = (name: 'x' | 'h', matrix: MatrixWalk | null): Record<string, number> => ({
    [`${name}_source`]: sourceOf(c, walks, walk, name),
    ...lastWord(c, name, matrix),
    ...decoderIn(c).record(c, walks, walk, name),
  });
  const values: Readonly<Record<string, number>> = {
    last: flag(walk === walks.at(-1)),
    waits: flag(walk.waits),
    single: flag(walk.first === null),
    x_first: flag(walk.first === 'x'),
    flat: flag(walk.turns > 1),
    input_again: flag(walks.slice(walk.index + 1).some((one) => readsInput(one.pass))),
    h_now: flag(walk.pass.operands[1]?.age === 0),
    from_input: flag(readsInput(walk.pass)),
    groups: walk.groups * walk.gates - 1,
    gates: walk.gates - 1,
    allow: allowances[walk.index] ?? 0,
    ...visitRecord(walks, walk),
    ahead: aheadOf(walk, c.sumSlots) - 1,
    weight_base: walks.slice(0, walk.index).reduce((sum, w) => sum + tilesOfPass(w), 0),
    ...side('x', walk.x),
    ...side('h', walk.h),
  };
  const fields = layerTable(c, decoderIn(c).table);
  return Object.fromEntries(fields.map(({ name }) => [name, values[name] as number]));
}

/** Where a pass stands in the order of sequences, and which way it runs. */
function visitRecord(
  walks: readonly PassWalk[],
  { visit, pass }: PassWalk,
): Readonly<Record<string, number>> {
  if (visit === null) return {};
  const segment = walks.findLast((one) => one.index <= pass.index && one.visit?.first)?.index ?? 0;
  return {
    segment_first: flag(visit.first),
    segment_last: flag(visit.last),
    after: flag(visit.after),
    backward: flag(pass.direction === 'backward'),
    turned: flag(pass.aligned === false),
    x_own: flag(pass.operands[0].vectors.some(({ id }) => id - 1 >= segment)),
    behind: visit.behind ?? 0,
  };
}

/** Last activation word of a matrix, counted from its first one, and which columns of it the matrix has. */
function lastWord(
  c: Configuration,
  name: 'x' | 'h',
  matrix: MatrixWalk | null,
): Record<string, number> {
  const wide = wordColumns(c);
  const columns = matrix?.matrix.columns ?? wide;
  const last = Math.ceil(columns / wide) - 1;
  return { [`${name}_last`]: last, [`${name}_tail`]: 2 ** (columns - last * wide) - 1 };
}

/** First activation word (of tileColumns) that a side reads, within one buffer. */
function sourceOf(
  c: Configuration,
  walks: readonly PassWalk[],
  walk: PassWalk,
  name: 'x' | 'h',
): number {
  const [x, h] = walk.pass.operands;
  const layer = ((name === 'x' ? x : h)?.vectors[0].id ?? 0) - 1;
  if (layer < 0) return 0;
  return (hBase(c, walks, layer) * Math.max(c.cellLanes, wordColumns(c))) / wordColumns(c);
}

/** First row of a layer in the h memory, in rows of max(cell lanes, tile columns). */
export function hBase(c: Configuration, walks: readonly PassWalk[], layer: number): number {
  const order = orderInMemory(walks.map(({ pass }) => pass)) ?? [];
  const before = order.slice(0, order.indexOf(layer));
  return before.reduce((sum, pass) => sum + hRowsOf(walks[pass] as PassWalk, c, c), 0);
}

/** The layer table: what sequencer and decoder know of each pass. */
export function layerImage(c: Configuration, placed: PlacedModel, size: StoreSize): string {
  const { walks } = placed;
  const fields = layerTable(c, decoderIn(c).table);
  const words = walks.map((walk) => packRecord(fields, layerRecord(c, placed, walk)));
  return imageOfWords(words, size);
}
