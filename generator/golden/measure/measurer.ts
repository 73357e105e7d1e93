import { moduleBeside, Pool, PROCESSORS } from '../../base/pool.js';
import { inSlices } from '../../base/steps.js';
import { inOrder } from '../../network/float/layer-matrices.js';
import type { FloatModel } from '../../network/float/model.js';
import type { Model } from '../../network/model.js';
import { type Measured, measureSteps, type TestSet } from './measure.js';

/** Measures quantised networks on one set of frames, as many at a time as there are processors. */
export interface Measurer {
  readonly measure: (model: Model) => Promise<Measured>;
  /** How many are measured at a time. */
  readonly width: number;
  readonly close: () => Promise<void>;
}

/** Products of a whole run below which threads take longer to start than they save. */
const WORTH_THREADS = 5e6;

/** `source`: the float network, by which the work is judged. */
export function measurerFor(set: TestSet, source: FloatModel): Measurer {
  const frames = set.outputs.outputs.length / set.outputs.width;
  const inThreads = PROCESSORS > 1 && frames * weightsOf(source) >= WORTH_THREADS;
  if (!inThreads) {
    return {
      measure: (model) => inSlices(measureSteps(model, set)),
      width: 1,
      close: async () => undefined,
    };
  }
  const module = moduleBeside(import.meta.url, 'measure-thread');
  const pool = new Pool<Model, Measured>(module, shareable(set));
  return { measure: (model) => pool.run(model), width: PROCESSORS, close: () => pool.close() };
}

function weightsOf({ layers, output }: FloatModel): number {
  const own = inOrder(layers).reduce((sum, { values }) => sum + values.length, 0);
  return own + (output?.weights.values.length ?? 0);
}

/** The same with its long arrays in memory that all threads see. */
function shareable(set: TestSet): TestSet {
  const { frames, outputs } = set;
  return {
    ...set,
    frames: { ...frames, values: shared(frames.values) },
    outputs: { ...outputs, outputs: shared(outputs.outputs) },
  };
}

function shared(values: Float64Array): Float64Array {
  const copy = new Float64Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}
