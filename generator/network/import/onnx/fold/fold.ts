import { cast } from './cast.js';
import { concat } from './concat.js';
import { constant } from './constant.js';
import { binary, comparison, divide, expand, mod, negate, not, where } from './elementwise.js';
import { constantOfShape, dequantizeLinear, range, size, tile } from './fill.js';
import { gather } from './gather.js';
import { inputOf, type Operator } from './operator.js';
import { flatten, reshape, squeeze, unsqueeze } from './reshape.js';
import { shape } from './shape.js';
import { slice } from './slice.js';
import { split } from './split.js';
import { transpose } from './transpose.js';

const identity: Operator = { attributes: [], fold: (call) => [inputOf(call, 0)] };

/** Operators that exporters build weights and shapes with. All that is computed is bounded by the size of the file. */
export const FOLDED: ReadonlyMap<string, Operator> = new Map([
  ['Add', binary((a, b) => a + b)],
  ['And', comparison((a, b) => a !== 0 && b !== 0)],
  ['Cast', cast],
  ['Concat', concat],
  ['Constant', constant],
  ['ConstantOfShape', constantOfShape],
  ['DequantizeLinear', dequantizeLinear],
  ['Div', divide],
  ['Equal', comparison((a, b) => a === b)],
  ['Expand', expand],
  ['Flatten', flatten],
  ['Gather', gather],
  ['Greater', comparison((a, b) => a > b)],
  ['Identity', identity],
  ['Less', comparison((a, b) => a < b)],
  ['Mod', mod],
  ['Mul', binary((a, b) => a * b)],
  ['Neg', negate],
  ['Not', not],
  ['Or', comparison((a, b) => a !== 0 || b !== 0)],
  ['Range', range],
  ['Reshape', reshape],
  ['Shape', shape],
  ['Size', size],
  ['Slice', slice],
  ['Split', split],
  ['Squeeze', squeeze],
  ['Sub', binary((a, b) => a - b)],
  ['Tile', tile],
  ['Transpose', transpose],
  ['Unsqueeze', unsqueeze],
  ['Where', where],
]);
