import type { FloatLayer, RealRange } from '../../float/model.js';
import type { Fail } from './errors.js';
import { shapeText, type Value } from './tensor.js';

/**
 * Constants of a projection of an LSTM, h = W (o tanh(c)) + b, which the operator of ONNX has no inputs for: other formats
 * that are put into ONNX's operators state it beside the graph.
 */
export interface ProjectionTensors {
  /** [values, cells]. */
  readonly weights: string;
  /** [values]; empty where it has none. */
  readonly bias: string;
  /** What its values are clamped to; absent: nothing. */
  readonly range?: RealRange | undefined;
}

/** Projections by the name of the recurrent matrix R of their layer. */
export type Projections = ReadonlyMap<string, ProjectionTensors>;

/** The layer that makes h of what the cells give. */
export interface Projection {
  readonly layer: FloatLayer;
  /** Constants that it is made of. */
  readonly tensors: readonly string[];
}

/** Reads a projection to `values` values, as many as R has columns. @throws UserError TENSOR_SHAPE and what `read` throws */
export function projectionOf(
  { weights, bias, range }: ProjectionTensors,
  [cells, values]: readonly [cells: number, values: number],
  read: (name: string, field: string) => Value,
  fail: Fail,
): Projection {
  const own = (name: string, ...shape: number[]): Float64Array => {
    const value = read(name, name);
    const [expected, got] = [shapeText(shape), shapeText(value.shape)];
    if (got !== expected) throw fail(name, expected, got, 'TENSOR_SHAPE');
    return value.data;
  };
  const x = { name: weights, values: own(weights, values, cells) };
  const given = bias !== '';
  return {
    layer: {
      ...{ cell: 'dense-linear', inputs: cells, cells: values, x, h: null },
      bias: given
        ? { name: bias, values: own(bias, values) }
        : { name: `bias of ${weights}`, values: new Float64Array(values) },
      ...(range && { range }),
    },
    tensors: given ? [weights, bias] : [weights],
  };
}

/** What layers whose h is a projection read of it, and the next layer too. */
export const valuesOf = ({
  layer,
  projection,
}: {
  readonly layer: Pick<FloatLayer, 'cells'>;
  readonly projection?: Projection | undefined;
}): number => (projection?.layer ?? layer).cells;
