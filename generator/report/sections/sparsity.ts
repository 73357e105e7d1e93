import { cellOf } from '../../network/cells/registry.js';
import { programOf } from '../../network/program.js';
import type { ReportInput } from '../input.js';
import { keptByRows, type MatrixMap, mapOf } from '../maps/map.js';
import { columnChart } from '../pictures/columns.js';
import { PAGE, type Palette, type Picture } from '../pictures/picture.js';
import { orderPicture } from '../pictures/places.js';
import { figure, type Section, section } from './section.js';

/** Bars of a picture of kept weights, at most about. */
const GROUPS = 64;

/** The maps of all matrices that are not dense, as the hardware has their rows and columns. */
export function sparsityMaps({ placed }: Pick<ReportInput, 'placed'>): readonly MatrixMap[] {
  return programOf(placed).passes.flatMap(({ operands, index, cell }) => {
    const of = cellOf(cell).leaves === 'sums' ? 'output layer' : `layer ${index}`;
    const { gates } = cellOf(cell);
    return operands.map(({ matrix }, n) =>
      mapOf(matrix, `${n === 0 ? 'W_x' : 'W_h'} of ${of}`, gates),
    );
  });
}

/** Kept weights of all patterns of a map, and the positions of those. */
export function keptOf({ patterns }: MatrixMap): number {
  return patterns.reduce((sum, { kept }) => sum + kept, 0);
}

export function positionsOf({ rows, columns, patterns }: MatrixMap): number {
  return rows * columns * patterns.length;
}

/** Kept weights of groups of neighbouring rows, all gates together. */
export function keptPicture(map: MatrixMap, palette: Palette, id: string): Picture {
  const groups = keptByRows(map, GROUPS).map(({ row, rows, kept }) => ({
    ...{ row, rows },
    kept: kept.reduce((sum, own) => sum + own, 0),
  }));
  // the last group may have fewer rows
  const counts = groups.filter(({ rows }) => rows === groups[0]?.rows).map(({ kept }) => kept);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const columns = groups.map(({ row, rows, kept }) => ({
    from: row,
    to: row + rows,
    value: kept / rows,
    text: `rows ${row} to ${row + rows - 1}: ${kept} kept, ${figure(kept / rows)} a row`,
  }));
  const same = least === most;
  return {
    id,
    title: `Kept weights by block row, ${map.name}`,
    label: same
      ? `every group of ${groups[0]?.rows ?? 0} rows keeps ${most} weights`
      : `groups of ${groups[0]?.rows ?? 0} rows keep ${least} to ${most} weights`,
    spec: columnChart(columns, { x: 'row', y: 'kept a row' }, palette),
  };
}

/** Which weights are kept, and in which order the units stand. */
export function sparsitySection(input: ReportInput): Section {
  const maps = sparsityMaps(input);
  const sparse = maps.filter((map) => keptOf(map) < positionsOf(map));
  const orders = (input.orders ?? []).flatMap((order, layer) =>
    order === null ? [] : [orderPicture(order, layer, PAGE)],
  );
  const dense = maps.filter((map) => !sparse.includes(map)).map(({ name }) => name);
  return section('sparsity', 'Sparsity', {
    text: [
      'Rows and columns as the hardware has them. A filled point is a kept weight; where a point of the picture covers several, it shows their share.',
      ...(dense.length === 0 ? [] : [`Dense, without a map: ${dense.join(', ')}.`]),
      ...(orders.length === 0
        ? ['All hidden units stand as in the network.']
        : ['Hidden units of some layers stand in another order, which changes no result.']),
    ],
    maps: sparse,
    pictures: [...sparse.map((map, n) => keptPicture(map, PAGE, `kept-${n}`)), ...orders],
  });
}
