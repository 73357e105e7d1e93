import type { Hdf5Dataset } from '../../formats/hdf5/hdf5.js';
import { RESET_BEFORE, type ResetPlace } from '../reset.js';
import type { KerasSource } from './source.js';
import { textsOf } from './weights.js';

/** A layer of a file that has weights alone. */
export interface Module extends ResetPlace {
  readonly name: string;
  /** `layer`: a recurrent one that there is hardware for. */
  readonly kind: 'layer' | 'recurrent' | 'dense' | 'other';
  /** In the words of the field where it is recurrent. */
  readonly cell: string | null;
  readonly cells: number;
  readonly form: 'fused' | 'cudnn';
  readonly datasets: readonly Hdf5Dataset[];
}

/** The layers in the order of the file, as far as it has one. */
export function modulesOf({ weights, root }: KerasSource): readonly Module[] {
  if (root === null)
    return numberedModules([...weights.datasets.values()], [...weights.groups.keys()]);
  return textsOf(weights.groups.get(root) ?? {}, 'layer_names').map((name) => {
    const group = root === '' ? name : `${root}/${name}`;
    const paths = textsOf(weights.groups.get(group) ?? {}, 'weight_names');
    const datasets = paths.flatMap((path) => weights.datasets.get(`${group}/${path}`) ?? []);
    return moduleOf(name, datasets, paths.join(' '));
  });
}

/** Groups below `layers`; the classes of layers are their names there. */
function numberedModules(
  datasets: readonly Hdf5Dataset[],
  paths: readonly string[],
): readonly Module[] {
  // layers without weights have a group all the same
  const own = paths.flatMap(
    (path) => /^(?:layers|_layer_checkpoint_dependencies)\/([^/]+)$/.exec(path)?.[1] ?? [],
  );
  const groups = new Map<string, Hdf5Dataset[]>(own.map((name) => [name, []]));
  for (const dataset of datasets) {
    const [top, name] = dataset.path.split('/');
    if (top !== 'layers' && top !== '_layer_checkpoint_dependencies') continue;
    const key = name as string;
    groups.set(key, [...(groups.get(key) ?? []), dataset]);
  }
  const byNumber = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });
  return [...groups]
    .sort(([a], [b]) => byNumber(a, b))
    .map(([name, own]) => {
      const sorted = own.sort((a, b) => byNumber(a.path, b.path));
      const module = moduleOf(name, sorted, sorted.map(({ path }) => path).join(' '));
      // the class has to be the one of Keras
      const known =
        module.kind !== 'layer' || /^(lstm|cu_dnnlstm|gru|cu_dnngru|simple_rnn)(_\d+)?$/.test(name);
      const dense = module.kind !== 'dense' || /^(dense|time_distributed)(_\d+)?$/.test(name);
      return known && dense
        ? module
        : { ...module, kind: known ? 'other' : 'recurrent', cell: name };
    });
}

function moduleOf(name: string, datasets: readonly Hdf5Dataset[], names: string): Module {
  const [kernel = [], recurrent = [], bias] = datasets.map(({ shape }) => shape);
  const cells = recurrent[0] ?? 0;
  const base = { name, cells, form: 'fused', datasets } as const;
  const of = (cell: string): Module => ({ ...base, kind: 'recurrent', cell });
  if (/backward/.test(names)) return of('bidirectional');
  const matrices = kernel.length === 2 && recurrent.length === 2;
  const gates = recurrent[1] === kernel[1] ? (recurrent[1] ?? 0) / cells : 0;
  if (matrices && datasets.length <= 3) {
    const cell = ({ 4: 'LSTM', 3: 'GRU', 1: 'SimpleRNN' } as const)[gates];
    if (cell === undefined) return { ...base, kind: 'other', cell: null };
    const biases = bias?.reduce((product, n) => product * n, 1) ?? 0;
    const one = biases === gates * cells && bias?.length === 1;
    const two = biases === 2 * gates * cells;
    const flat = bias?.length === 1;
    if (cell === 'GRU' && one) return { ...base, ...RESET_BEFORE, kind: 'layer', cell };
    const usual = bias === undefined || (cell === 'GRU' ? two && !flat : one);
    if (usual) return { ...base, kind: 'layer', cell };
    if (cell !== 'SimpleRNN' && two && flat) return { ...base, kind: 'layer', cell, form: 'cudnn' };
    return { ...base, kind: 'other', cell: null };
  }
  const dense = kernel.length === 2 && datasets.length <= 2 && recurrent.length <= 1;
  const fits = datasets.length === 1 || recurrent[0] === kernel[1];
  return { ...base, cells: 0, kind: dense && fits ? 'dense' : 'other', cell: null };
}

/** `LSTM, 40 inputs, 64 cells`, or the datasets of other layers. */
export function moduleText({ kind, cell, reset, cells, datasets }: Module): string {
  if (kind === 'layer') {
    const where = reset === 'before' ? ' with the reset before the product' : '';
    return `${cell}${where}, ${datasets[0]?.shape[0]} inputs, ${cells} cells`;
  }
  const shown =
    datasets
      .slice(0, 6)
      .map(({ what }) => what)
      .join(', ') || 'no weights';
  const most = datasets.length > 6 ? ', ...' : '';
  return cell === null ? `${shown}${most}` : `${cell}: ${shown}${most}`;
}
