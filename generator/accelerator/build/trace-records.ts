import { CELLS } from '../../network/cells/registry.js';
import { type Role, type Shown, shownOf } from '../../network/cells/shown.js';
import type { Configuration } from '../plan/configuration.js';

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

/** The trace of a core: what its cell lets see, in the order of computation. */
export function coreTrace(
  c: Pick<Configuration, 'cell' | 'cellLanes' | 'sumBits' | 'words'>,
): CoreTrace {
  const bits: Readonly<Record<Role, number>> = {
    sums: c.sumBits,
    state: c.words.cell,
    value: c.words.activation,
  };
  const tensors = shownOf(CELLS[c.cell]).map((shown) => ({
    ...shown,
    ...{ port: PORTS[shown.role].data, bits: bits[shown.role], signed: true },
  }));
  const ports = [...new Set(tensors.map(({ role }) => PORTS[role].record))];
  const records = ports.map((port) => ({
    port,
    tensors: tensors.filter(({ role }) => PORTS[role].record === port),
  }));
  return { lanes: c.cellLanes, records };
}
