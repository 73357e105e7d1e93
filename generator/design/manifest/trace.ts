import type { TracedParameters, TracedRecord } from '../../accelerator/build/trace-records.js';
import { placesOf, placesOfCell } from '../../accelerator/cell/places.js';
import { type Configuration, type CoreTrace, coreTrace } from '../../accelerator/index.js';
import { isTimeMultiplexed } from '../../accelerator/plan/configuration.js';
import { cellOf } from '../../network/cells/registry.js';
import { type Role, shownOf } from '../../network/cells/shown.js';
import type { Model } from '../../network/model.js';
import { type Pass, programOf } from '../../network/program.js';
import type { UnitOrders } from '../../network/unit-order.js';

/** A layer on the trace port. */
export interface TracedLayer {
  /** Its pass. */
  readonly pass: number;
  readonly rows: number;
  /** Fraction bits of what is shown; of nothing that is not. */
  readonly fractions: Readonly<Partial<Record<Role, number>>>;
  /** What its cell calls that. */
  readonly names: Readonly<Partial<Record<Role, string>>>;
  /** Its sums, and the place of each among those of a lane. */
  readonly channels: readonly { readonly name: string; readonly place: number }[];
  /** Of each row of the hardware its row in the model; absent: the same. */
  readonly order?: readonly number[];
  /** It shows the last frame of an utterance first; absent: the first one. */
  readonly direction?: 'backward';
}

/** A record, which shows all layers; in a chain those of its engine. */
export interface DesignRecord extends TracedRecord {
  /** Rows at a time, where they are not those of the trace. */
  readonly lanes?: number;
  /** The layers that it shows, which counts them from there. */
  readonly layers?: { readonly first: number; readonly count: number };
}

/** What a design shows in a simulation, as `trace` of design.json has it. */
export interface DesignTrace extends Pick<CoreTrace, 'lanes'> {
  readonly records: readonly DesignRecord[];
  readonly layers: readonly TracedLayer[];
}

/** The trace of a model, as the hardware has it, on hardware with these parameters. */
export function designTrace(
  c: TracedParameters | Configuration,
  model: Model,
  orders: UnitOrders | null = null,
): DesignTrace {
  const { passes } = programOf(model);
  const layers = passes.filter(({ cell }) => cellOf(cell).value !== null);
  return {
    ...coreTrace(c),
    layers: layers.map((pass) => {
      const order = orders?.[pass.index];
      return { ...tracedLayer(c, pass), ...(order && { order }) };
    }),
  };
}

function tracedLayer(c: TracedParameters, pass: Pass): TracedLayer {
  const { index, rows, align, stateFraction, writes } = pass;
  const cell = cellOf(pass.cell);
  // the gates of a time-multiplexed lane come one after another
  const places = isTimeMultiplexed(c)
    ? cell.channels.map((_, n) => n)
    : placesOfCell(placesOf(c), pass.cell);
  return {
    ...{ pass: index, rows },
    ...(pass.direction && { direction: pass.direction }),
    fractions: {
      sums: align.fraction,
      ...(stateFraction === null ? {} : { state: stateFraction }),
      value: writes.fraction,
    },
    names: Object.fromEntries(shownOf(cell).map(({ role, name }) => [role, name])),
    channels: cell.channels.map(({ name }, n) => ({ name, place: places[n] as number })),
  };
}
