import type { FloatOutput } from '../../float/model.js';
import type { Merging } from '../imported.js';
import { badMap, type NameMap } from '../map.js';
import type { Beside } from './beside.js';
import { headDoubt } from './head.js';
import { inModule, type RecurrentSizes } from './modules.js';
import type { OtherModule } from './others.js';
import { shapeText, type TensorReader } from './tensors.js';

/** The output layer as taken, and a sentence that says from what and why. */
export interface TakenOutput {
  readonly output: FloatOutput;
  /** The module that it is, as far as its names say. */
  readonly module: string;
  readonly note: string;
  /** What it reads of the last layer. */
  readonly merging: Merging;
}

/** What a matrix of so many columns reads of the last layer. */
type MergeFor = (columns: number, name: string) => Merging;

const WEIGHT = /^(?:(.*)\.)?weight$/;
const UNSEEN =
  'a state_dict does not show a function without weights before or behind it; --map fc=none leaves it out';

/**
 * The fully connected layer: the one that the map names, else the only module beside the recurrent layers when nothing
 * speaks against it (`headDoubt`). Null where there is none, or where the map says `fc=none`. `others` are the modules that
 * nobody has explained.
 * @throws UserError BAD_MAP, or what reading the layer and `mergeFor` throw.
 */
export function readOutput(
  reader: TensorReader,
  map: NameMap,
  others: readonly OtherModule[],
  sizes: RecurrentSizes,
  parent: string,
  beside: Pick<Beside, 'classes' | 'harmless' | 'said'>,
  mergeFor: MergeFor,
  file: string,
): TakenOutput | null {
  const [module, weight, bias] = ['fc', 'fc.weight', 'fc.bias'].map((name) => map.get(name));
  if (module === 'none') {
    if ((weight ?? bias) !== undefined) {
      throw badMap('fc=none alone', 'names of its tensors too', file);
    }
    return null;
  }
  if (module !== undefined || weight !== undefined) {
    const name = module ?? WEIGHT.exec(weight as string)?.[1] ?? 'fc';
    const names = {
      weight: weight ?? inModule(name, 'weight'),
      bias: bias ?? inModule(name, 'bias'),
    };
    return taken(reader, names, sizes, `as ${beside.said} says`, map.has('fc.bias'), mergeFor);
  }
  if (bias !== undefined) throw badMap('fc=NAME with fc.bias=NAME', 'no output layer', file);
  const [only] = others;
  if (only === undefined || others.length > 1) return null;
  if (headDoubt(only, sizes, parent, beside) !== null) return null;
  const names = { weight: inModule(only.name, 'weight'), bias: inModule(only.name, 'bias') };
  const why = `the only module beside the recurrent layers, and its name says so; ${UNSEEN}`;
  return taken(reader, names, sizes, why, true, mergeFor);
}

function taken(
  reader: TensorReader,
  names: { readonly weight: string; readonly bias: string },
  { cells, ofOne }: RecurrentSizes,
  why: string,
  biased: boolean,
  mergeFor: MergeFor,
): TakenOutput {
  const [outputs, columns] = reader.matrix(names.weight);
  const merging = mergeFor(columns, names.weight);
  const inputs = merging === 'concat' ? cells : (ofOne ?? cells);
  const shape = shapeText(reader.tensor(names.weight));
  const weights = reader.weights(names.weight, [outputs, inputs]);
  const has = biased || reader.has(names.bias);
  const bias = has
    ? reader.read(names.bias, [outputs])
    : { name: names.bias, values: new Float64Array(outputs) };
  const and = has
    ? ` and ${names.bias}`
    : `, and zeros for its biases, because the file has no ${names.bias}`;
  return {
    module: WEIGHT.exec(names.weight)?.[1] ?? '',
    output: { inputs, outputs, weights, bias },
    merging,
    note: `the output layer is ${names.weight} ${shape}${and}: ${why}`,
  };
}
