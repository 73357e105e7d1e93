import { cast } from './cast.js';
import { concat } from './concat.js';
import { constant } from './constant.js';
import { binary, negate } from './elementwise.js';
import { gather } from './gather.js';
import { inputOf, type Operator } from './operator.js';
import { flatten, reshape, squeeze, unsqueeze } from './reshape.js';
import { shape } from './shape.js';
import { slice } from './slice.js';
import { split } from './split.js';
import { transpose } from './transpose.js';

const identity: Operator = { attributes: [], fold: (call) => [inputOf(call, 0)] };

/**
 * Operators that exporters build weights with. None makes much out of little (Expand, Tile, ConstantOfShape): what
 * is computed is bounded by the size of the file.
 */
export const FOLDED: ReadonlyMap<string, Operator> = new Map([
  ['Add', binary((a, b) => a + b)],
  ['Cast', cast],
  ['Concat', concat],
  ['Constant', constant],
  ['Div', binary((a, b) => a / b)],
  ['Flatten', flatten],
  ['Gather', gather],
  ['Identity', identity],
  ['Mul', binary((a, b) => a * b)],
  ['Neg', negate],
  ['Reshape', reshape],
  ['Shape', shape],
  ['Slice', slice],
  ['Split', split],
  ['Squeeze', squeeze],
  ['Sub', binary((a, b) => a - b)],
  ['Transpose', transpose],
  ['Unsqueeze', unsqueeze],
]);
