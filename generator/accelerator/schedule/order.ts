import { CELLS } from '../../network/cells/registry.js';
import type { Model } from '../../network/model.js';
import { programOf } from '../../network/program.js';
import type { Configuration } from '../plan/configuration.js';
import { allowancesOf } from './allowances.js';
import type { Order } from './hazards.js';
import { jobsOf } from './jobs.js';
import { walkModel } from './walk.js';

/** The order in which a design runs a model. */
export function orderOf(c: Configuration, model: Model): Order {
  const program = programOf(model);
  const last = program.passes.at(-1);
  const beats = (values: number) => Math.ceil(values / c.streamLanes);
  const walks = walkModel(model, c);
  const shape = {
    ...c,
    inputBeats: beats(program.input.length),
    outputBeats: beats(program.output.length),
  };
  return {
    walks,
    allowances: allowancesOf(walks, shape),
    jobs: jobsOf(walks, c.sumSlots),
    program,
    shape,
    sums: last !== undefined && CELLS[last.cell].leaves === 'sums',
  };
}
