import type { Scaling } from '../fold.js';
import { badMap, type NameMap } from '../map.js';
import { inModule } from './modules.js';
import type { TensorReader } from './tensors.js';

/** What torch.nn.BatchNorm1d adds to a variance when nobody says otherwise; a state_dict does not have it. */
const DEFAULT_EPS = 1e-5;
const PARTS = /^(weight|bias|running_mean|running_var|num_batches_tracked)$/;

/** A batch norm in use, and a sentence that says what was taken. */
export interface Norm extends Scaling {
  readonly note: string;
}

/**
 * The batch norm `name` on `size` features: scale = weight / sqrt(running_var + eps), shift = bias - running_mean ·
 * scale, torch.nn.BatchNorm1d in eval mode. `where` says where it stands, `known` is eps where the file has it.
 * @throws UserError NORM_UNSUPPORTED when the module is no batch norm with running statistics, or as the reader.
 */
export function readNorm(
  reader: TensorReader,
  name: string,
  size: number,
  where: string,
  map: NameMap,
  known: number | undefined,
): Norm {
  const part = (kind: string) => inModule(name, kind);
  const own = [...reader.source.tensors.keys()].filter((one) => one.startsWith(part('')));
  const odd = own.find((one) => !PARTS.test(one.slice(part('').length)));
  if (odd !== undefined || !reader.has(part('running_mean')) || !reader.has(part('running_var'))) {
    const expected =
      'a batch norm: running_mean and running_var [n], weight and bias [n] or neither; a layer norm is computed anew from every frame, and there is no hardware for it';
    const got = odd ?? (own.length === 0 ? 'no such module' : own.join(', '));
    throw reader.fail('NORM_UNSUPPORTED', name, expected, got);
  }
  const eps = epsOf(map, known);
  const mean = reader.read(part('running_mean'), [size]).values;
  const variance = reader.read(part('running_var'), [size]).values;
  const affine = [part('weight'), part('bias')].some((one) => reader.has(one));
  const [weight, bias] = affine
    ? [part('weight'), part('bias')].map((one) => reader.read(one, [size]).values)
    : [];
  if (reader.has(part('num_batches_tracked'))) reader.take(part('num_batches_tracked'));
  const negative = variance.findIndex((value) => !(value + eps > 0));
  if (negative >= 0) {
    const got = `${variance[negative]} at element ${negative}`;
    throw reader.fail('NORM_UNSUPPORTED', part('running_var'), 'a variance above -eps', got);
  }
  const scale = variance.map((value, i) => (weight?.[i] ?? 1) / Math.sqrt(value + eps));
  const shift = mean.map((value, i) => (bias?.[i] ?? 0) - value * (scale[i] as number));
  const given =
    map.has('norm.eps') || known !== undefined
      ? ''
      : ', the default: --map norm.eps=E where it is another';
  return {
    scale,
    shift,
    note: `batch norm ${name} is folded into ${where} with eps ${eps}${given}`,
  };
}

/** Whether a module is a batch norm by its tensors, and on how many features. */
export function normSize(reader: TensorReader, name: string): number | null {
  const mean = reader.source.tensors.get(inModule(name, 'running_mean'));
  const there = mean !== undefined && reader.has(inModule(name, 'running_var'));
  return there && mean.shape.length === 1 ? (mean.shape[0] as number) : null;
}

function epsOf(map: NameMap, known: number | undefined): number {
  const text = map.get('norm.eps');
  if (text === undefined) return known ?? DEFAULT_EPS;
  const eps = /^(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (!(eps >= 0 && eps < 1)) throw badMap('norm.eps= and a number, 0 or more and below 1', text);
  return eps;
}
