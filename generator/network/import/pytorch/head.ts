import type { Beside } from './beside.js';
import type { RecurrentSizes } from './modules.js';
import type { OtherModule } from './others.js';
import { isReal } from './tensors.js';

/** What people call the last fully connected layer of a network, and what says that a layer stands elsewhere. */
const HEAD =
  /^(fc|head|heads|lin|linear|out|output|outputs|dense|classifier|classify|cls|regressor|regression|readout|logits?|predict|predictor|prediction|decoder|final|last|top|tags?|labels?|class|classes)$/;
const ELSEWHERE =
  /^(in|inp|input|inputs|pre|prenet|emb\w*|enc\w*|front\w*|att\w*|query|key|keys|value|values|scores?|gates?|\w*norm\w*|bn|ln|film|cond\w*|init\w*|h|c|states?|aux\w*|skip|res|residual|proj\w*|bottleneck|adapt\w*|pos\w*|time|speaker|side|pool\w*)$/;

/** Of a list, so many are looked at. */
const MOST_BEFORE = 1000;
const LINEAR = 'torch.nn.modules.linear.Linear';

/** Whether a module can be the fully connected layer on h, or on one of two directions, by its shape alone. */
export function fitsHead(
  { tensors }: OtherModule,
  { cells, ofOne }: Pick<RecurrentSizes, 'cells' | 'ofOne'>,
): boolean {
  const weight = tensors.get('weight');
  const columns = weight?.shape[1];
  const fits = columns !== undefined && (columns === cells || columns === ofOne);
  return weight?.shape.length === 2 && fits && isReal(weight);
}

/**
 * Why a module that stands alone beside the recurrent layers is not taken as its output layer without a word of the user, or
 * null. A state_dict has no order: that a matrix has `cells` columns is no evidence, because an embedding, a layer
 * before the first layer or the scores of an attention can have as many. `parent` is the module that they stand in,
 * `classes` those of modules where the file says them, `harmless` the modules that leave values as they are.
 */
export function headDoubt(
  module: OtherModule,
  sizes: RecurrentSizes,
  parent: string,
  { classes, harmless }: Pick<Beside, 'classes' | 'harmless'>,
): string | null {
  const { name, tensors } = module;
  const type = classes.get(name);
  if (type !== undefined && type !== LINEAR) return `it is a ${type}, not a ${LINEAR}`;
  const [weight, bias] = [tensors.get('weight'), tensors.get('bias')];
  if (!fitsHead(module, sizes) || weight === undefined) return 'it does not fit h';
  if (bias === undefined) return 'without a bias it may be an embedding';
  const outputs = weight.shape[0];
  if (bias.shape.join() !== String(outputs)) {
    return `its bias [${bias.shape.join(', ')}] does not fit its ${outputs} rows`;
  }
  if (tensors.size > 2) return 'it has other parameters than weight and bias';
  if (outputs === sizes.inputs)
    return `its ${outputs} values may as well be the inputs of the first layer`;
  const own = parent !== '' && name.startsWith(`${parent}.`) ? name.slice(parent.length + 1) : name;
  const at = /(?:^|\.)(\d+)$/.exec(name)?.[1];
  const list = name.slice(0, name.length - (at?.length ?? 0));
  const before = Array.from({ length: Math.min(Number(at ?? 0), MOST_BEFORE) }, (_, i) => list + i);
  const idle = new Set(harmless.map((one) => one.name));
  if (before.some((one) => !idle.has(one))) {
    return `something without weights stands before it in its list`;
  }
  const words = own
    .split(/[._\-\d]+|(?<=[a-z])(?=[A-Z])/)
    .map((word) => word.toLowerCase())
    .filter((word) => word !== '');
  if (words.some((word) => ELSEWHERE.test(word))) return 'its name says that it stands elsewhere';
  return words.some((word) => HEAD.test(word)) ? null : 'its name does not say where it stands';
}
