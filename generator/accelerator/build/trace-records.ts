import { cellOf } from '../../network/cells/registry.js';
import { type Role, type Shown, shownOf } from '../../network/cells/shown.js';
import { placesOf } from '../cell/places.js';
import { type Configuration, isTimeMultiplexed } from '../plan/configuration.js';

/** A tensor on the trace port of the core. */
export interface TracedTensor extends Shown {
  /** Port with its values: [lane][channel]. */
  readonly port: string;
  /** Of one value. */
  readonly bits: number;
  readonly signed: boolean;
}

/** Tensors that are shown together; the ports that say when and of what are `port` and `_valid`, `_layer`, `_row`. */
export interface TracedRecord {
  readonly port: string;
  readonly tensors: readonly TracedTensor[];
}

/** What the trace port of a core shows. */
export interface CoreTrace {
  /** Rows at a time. */
  readonly lanes: number;
  readonly records: readonly TracedRecord[];
}

/** Ports by what they show, and those beside them. */
const PORTS: Readonly<Record<Role, { readonly record: string; readonly data: string }>> = {
  sums: { record: 'trace_sum', data: 'trace_sum_data' },
  state: { record: 'trace_cell', data: 'trace_cell_c' },
  value: { record: 'trace_cell', data: 'trace_cell_h' },
};

export type TracedParameters = Pick<
  Configuration,
  'cells' | 'cellLanes' | 'cellCycles' | 'slices' | 'outputLayer' | 'sumBits' | 'words'
>;

/**
 * The trace of a core, in the order of computation: what its cells let see, under the names that they share, or the name of the
 * role.
 */
export function coreTrace(c: TracedParameters): CoreTrace {
  const bits: Readonly<Record<Role, number>> = {
    sums: c.sumBits,
    state: c.words.cell,
    value: c.words.activation,
  };
  const shown = c.cells.flatMap((kind) => shownOf(cellOf(kind)));
  const tensors = (Object.keys(bits) as Role[]).flatMap((role): readonly TracedTensor[] => {
    const own = shown.filter((one) => one.role === role);
    if (own.length === 0) return [];
    const names = new Set(own.map(({ name }) => name));
    const name = names.size === 1 ? ([...names][0] as string) : role;
    const channels = role === 'sums' ? sumNames(c) : null;
    return [{ role, name, channels, port: PORTS[role].data, bits: bits[role], signed: true }];
  });
  const ports = [...new Set(tensors.map(({ role }) => PORTS[role].record))];
  const records = ports.map((port) => ({
    port,
    tensors: tensors.filter(({ role }) => PORTS[role].record === port),
  }));
  return { lanes: c.cellLanes, records };
}

/** Names of the sums of a lane, in their order. */
export function sumNames(c: TracedParameters): readonly string[] {
  if (!isTimeMultiplexed(c)) return placesOf(c).map(({ name }) => name);
  return c.cells.flatMap((kind) => cellOf(kind).channels.map(({ name }) => name));
}
