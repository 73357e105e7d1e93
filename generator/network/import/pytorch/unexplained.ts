import type { UserError } from '../../../base/errors.js';
import type { NameMap } from '../map.js';
import type { Beside } from './beside.js';
import { fitsHead, headDoubt } from './head.js';
import type { LayerNames } from './layer-names.js';
import type { RecurrentSizes } from './modules.js';
import { normSize } from './norm.js';
import { explainedByNone, type OtherModule, STATE, shortNames } from './others.js';
import { namesText, type TensorReader } from './tensors.js';

/** What is known when modules are left that nobody has explained. */
export interface Known {
  readonly reader: TensorReader;
  readonly names: LayerNames;
  readonly map: NameMap;
  readonly sizes: RecurrentSizes;
  /** The layers have a c besides h. */
  readonly lstm: boolean;
  /** The module that the recurrent layers stand in. */
  readonly parent: string;
  readonly beside: Pick<Beside, 'classes' | 'harmless'>;
}

/**
 * The refusal of modules that may change what the network computes: it names them with their shapes, and the `--map`
 * that would explain each.
 */
export function unexplained(open: readonly OtherModule[], known: Known): UserError {
  const { reader, map, sizes } = known;
  const heads = open.filter((one) => fitsHead(one, sizes)).map(({ name }) => name);
  const free = ![...map.keys()].some((key) => /^fc(\.weight)?$/.test(key));
  const helps = open.some((one) => explainedByNone(one, known.names, sizes));
  const ways = [
    ...(free && heads.length > 0 ? [headWay(open, heads, known)] : []),
    ...(free && heads.length === 0 && helps ? ['fc=none where the hardware ends with h'] : []),
    ...open.flatMap((one) => normWay(one, known)),
    ...initialWay(open, known),
    `outside=${shortNames(open, reader).join(',')} for what lies outside of the hardware`,
  ];
  const expected = `--map for each of these modules: ${ways.map((way) => `--map ${way}`).join('; ')}${layersWay(open)}`;
  const several = free && heads.length > 1;
  const code = several || (free && heads.length === 1 && open.length === 1);
  return reader.fail(
    code ? 'OUTPUT_AMBIGUOUS' : 'MODULE_UNKNOWN',
    several ? 'output layer' : (open[0]?.name as string),
    expected,
    namesText(open.map(moduleText)),
  );
}

/** Where there may be fully connected layers in a row, whose functions no tensor shows. */
function layersWay(open: readonly OtherModule[]): string {
  const matrices = open.filter(({ tensors }) => tensors.get('weight')?.shape.length === 2);
  if (matrices.length === 0) return '';
  return '; layers before or between the recurrent ones, and several in a row behind, are taken from ONNX or TorchScript, which show their order and functions';
}

function headWay(open: readonly OtherModule[], heads: readonly string[], known: Known): string {
  const [only] = heads;
  const module = open.find(({ name }) => name === only);
  const doubt =
    heads.length === 1 && module && headDoubt(module, known.sizes, known.parent, known.beside);
  const why = doubt ? ` (not taken unasked: ${doubt})` : '';
  return `fc=${heads.join(' or fc=')} for the output layer on h${why}, or fc=none`;
}

/** Where learned states at the start can be those of the recurrent layers. */
function initialWay(open: readonly OtherModule[], { sizes, map, lstm }: Known): readonly string[] {
  const states = open.flatMap(({ name, tensors }) =>
    [...tensors].flatMap(([part, { shape }]) =>
      STATE.test(part || name) && shape.at(-1) === sizes.cells
        ? [part === '' ? name : `${name}.${part}`]
        : [],
    ),
  );
  if (states.length === 0 || [...map.keys()].some((key) => key.startsWith('initial'))) return [];
  const h = states.filter((name) => !/(^|[._])c[_x\d]*(?=$|[._])|cell/i.test(name))[0] ?? 'H';
  if (!lstm) return [`initial=${h} for h that an utterance starts from`];
  const c = states.filter((name) => name !== h)[0] ?? 'C';
  return [`initial=${h},${c} for h and c that an utterance starts from`];
}

/** Where a batch norm of this size can stand. */
function normWay({ name }: OtherModule, { reader, names, sizes }: Known): readonly string[] {
  const size = normSize(reader, name);
  return [
    ...(size === sizes.inputs ? [`norm=${name} where it stands right before the first layer`] : []),
    ...(size !== null && names.modules.length > 1
      ? [`norm_l1=${name} where it stands right before layer 1`]
      : []),
    ...(size === sizes.cells ? [`fc.norm=${name} where it stands between h and the layer fc`] : []),
  ];
}

/** `embed (weight [50, 8])`. */
function moduleText({ name, tensors }: OtherModule): string {
  const parts = [...tensors].map(([part, { shape }]) => `${part} [${shape.join(', ')}]`.trim());
  return `${name} (${parts.join(', ')})`;
}
