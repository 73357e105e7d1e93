import type { Channel } from '../../network/cells/cell.js';
import { type CellKind, cellOf, OUTPUT_CELL } from '../../network/cells/registry.js';
import { type Configuration, sharedSlices } from '../plan/configuration.js';
import type { Cells } from './kinds.js';

/** A sum that a lane has for each row: the channels of all cells of a design that are summed alike share it. */
export interface Place extends Pick<Channel, 'gate' | 'operands'> {
  /** As its cells call the channel; where they differ, by slice and operand. */
  readonly name: string;
  /** Some cell takes it through a table, and is given it rounded. */
  readonly rounded: boolean;
}

type Summed = Pick<Channel, 'gate' | 'operands'>;

const same = (a: Summed, b: Summed): boolean => a.gate === b.gate && a.operands === b.operands;

/** Where both operands are summed comes first, slice by slice; then sums of one of them. */
function byPlace(a: Summed, b: Summed): number {
  const apart = ({ operands }: Summed) => ['all', 'x', 'h', 'none'].indexOf(operands);
  const whole = Number(a.operands !== 'all') - Number(b.operands !== 'all');
  return whole || a.gate - b.gate || apart(a) - apart(b);
}

/** The sums of a lane, in the order of their biases and of the trace. */
export function placesOf(
  c: Cells & Pick<Configuration, 'slices' | 'outputLayer'>,
): readonly Place[] {
  const channels: readonly Channel[] = c.cells.flatMap((kind) => cellOf(kind).channels);
  // neighbouring rows of an output layer lie in the slices
  const output = cellOf(OUTPUT_CELL).channels[0] as Channel;
  const rows = c.outputLayer ? sharedSlices(c) : 0;
  const outputs: readonly Channel[] = Array.from({ length: rows }, (_, gate) => ({
    ...output,
    gate,
  }));
  const places: Place[] = [];
  for (const channel of [...channels, ...outputs]) {
    if (places.some((place) => same(place, channel))) continue;
    const alike = channels.filter((one) => same(one, channel));
    const names = new Set(alike.map(({ name }) => name));
    const { gate, operands } = channel;
    const own = `${{ all: 's', x: 'x', h: 'h', none: 'p' }[operands]}${gate}`;
    places.push({
      ...{ gate, operands, name: names.size === 1 ? ([...names][0] as string) : own },
      rounded: alike.some(({ table }) => table !== null),
    });
  }
  return places.sort(byPlace);
}

/** Places of the channels of a kind of cell. */
export function placesOfCell(places: readonly Place[], kind: CellKind): readonly number[] {
  return cellOf(kind).channels.map((channel) => {
    const place = places.findIndex((one) => same(one, channel));
    if (place < 0) throw new Error(`no sum for ${channel.name} of ${kind}`);
    return place;
  });
}
