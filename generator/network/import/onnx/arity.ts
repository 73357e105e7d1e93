import { onnxError } from './errors.js';
import type { Node } from './node.js';

const ANY = Number.POSITIVE_INFINITY;

/** Fewest and most inputs, and most outputs, of operators; those that are not here have one of each. */
const ARITY: Readonly<Record<string, readonly [inputs: number, most: number, outputs: number]>> = {
  Add: [2, 2, 1],
  BatchNormalization: [5, 5, 5],
  Concat: [1, ANY, 1],
  Constant: [0, 0, 1],
  Div: [2, 2, 1],
  Dropout: [1, 3, 2],
  Expand: [2, 2, 1],
  Gather: [2, 2, 1],
  Gemm: [2, 3, 1],
  LSTM: [3, 8, 3],
  MatMul: [2, 2, 1],
  Mul: [2, 2, 1],
  Reshape: [2, 2, 1],
  Slice: [1, 5, 1],
  Split: [1, 2, ANY],
  Squeeze: [1, 2, 1],
  Sub: [2, 2, 1],
  Tile: [2, 2, 1],
  Unsqueeze: [1, 2, 1],
};

/**
 * Checks that a node has as many inputs and outputs as its operator takes.
 * @throws UserError ONNX_INVALID.
 */
export function checkArity({ op, label, inputs, outputs }: Node, file: string): void {
  const [fewest, most, mostOutputs] = ARITY[op] ?? [1, 1, 1];
  const fail = (expected: string, got: number) =>
    onnxError(file, 'ONNX_INVALID', label, `${expected} of ${op}`, `${got}`);
  if (inputs.length < fewest) throw fail(`at least ${fewest} inputs`, inputs.length);
  if (inputs.length > most) throw fail(`at most ${most} inputs`, inputs.length);
  if (outputs.length > mostOutputs) throw fail(`at most ${mostOutputs} outputs`, outputs.length);
}
