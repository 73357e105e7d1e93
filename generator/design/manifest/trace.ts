import { type Configuration, type CoreTrace, coreTrace } from '../../accelerator/index.js';
import { CELLS } from '../../network/cells/registry.js';
import type { Role } from '../../network/cells/shown.js';
import type { Model } from '../../network/model.js';
import { type Pass, programOf } from '../../network/program.js';

/** A recurrent layer on the trace port. */
export interface TracedLayer {
  /** Its pass. */
  readonly pass: number;
  readonly rows: number;
  /** Fraction bits of what is shown; of nothing that is not. */
  readonly fractions: Readonly<Partial<Record<Role, number>>>;
}

/** What a design shows in a simulation, as `trace` of design.json has it. */
export interface DesignTrace extends CoreTrace {
  readonly layers: readonly TracedLayer[];
}

export function designTrace(c: Configuration, model: Model): DesignTrace {
  return { ...coreTrace(c), layers: tracedLayers(model) };
}

/** The passes of a model that the trace port shows. */
export function tracedPasses(model: Model): readonly Pass[] {
  return programOf(model).passes.filter(({ cell }) => CELLS[cell].value !== null);
}

export function tracedLayers(model: Model): readonly TracedLayer[] {
  return tracedPasses(model).map(({ index: pass, rows, align, stateFraction, writes }) => ({
    pass,
    rows,
    fractions: {
      sums: align.fraction,
      ...(stateFraction === null ? {} : { state: stateFraction }),
      value: writes.fraction,
    },
  }));
}
