import type { SafetensorsFile } from '../../formats/safetensors.js';

/** What PyTorch calls the tensors of its recurrent layers, in the module and of a layer, e.g. `weight_ih_l0`. */
const RECURRENT = /^(?:(.*)\.)?((?:weight|bias)_(?:ih|hh|hr))(?:_l(0|[1-9]\d*)(_reverse)?)?$/;

/** What torch calls its recurrent cells. */
export type TorchCell = 'LSTM' | 'GRU' | 'RNN';

/** Gates of each, whose rows stand below each other. */
export const TORCH_GATES: Readonly<Record<TorchCell, number>> = { LSTM: 4, GRU: 3, RNN: 1 };
export const TORCH_CELLS = Object.keys(TORCH_GATES) as readonly TorchCell[];

export const isTorchCell = (value: unknown): value is TorchCell =>
  TORCH_CELLS.some((cell) => cell === value);

/** A recurrent module of a state_dict: torch.nn.LSTM, GRU or RNN with layers, or a cell of one layer. */
export interface RecurrentModule {
  /** Its name, empty where tensors have no prefix. */
  readonly name: string;
  readonly kind: 'layers' | 'cell';
  readonly layers: number;
  /** Names of its tensors. */
  readonly tensors: readonly string[];
  /** A tensor of a second direction or of a projection, where there is one. */
  readonly reverse: string | undefined;
  readonly projection: string | undefined;
  /** What its shapes say: gates times cells are the rows of its matrices. */
  readonly cell: TorchCell | 'other';
}

/** Sizes of the recurrent layers by which the modules beside them are judged. */
export interface RecurrentSizes {
  readonly inputs: number;
  /** Values of the last layer, of both directions where it has two. */
  readonly cells: number;
  /** Values of one of two directions; null where it has one. */
  readonly ofOne: number | null;
}

/** `a.b` and `c` to `a.b.c`; no dot where there is no prefix. */
export const inModule = (module: string, name: string): string =>
  module === '' ? name : `${module}.${name}`;

/** What torch appends to the names of tensors of the direction that begins with the last frame. */
export const REVERSE = '_reverse';

/** Name of a tensor of layer `l` of a module, e.g. `rnn.weight_ih_l0`, `rnn.weight_ih_l0_reverse`, or `cell.weight_ih`. */
export function tensorOf(
  module: Pick<RecurrentModule, 'name' | 'kind'>,
  kind: string,
  l: number,
  reverse = false,
): string {
  const own = module.kind === 'cell' ? kind : `${kind}_l${l}${reverse ? REVERSE : ''}`;
  return inModule(module.name, own);
}

/** The recurrent modules of a file, by what their tensors are called. */
export function recurrentModules({ tensors }: SafetensorsFile): readonly RecurrentModule[] {
  const found = new Map<
    string,
    { name: string; kind: 'layers' | 'cell'; tensors: string[]; layers: number }
  >();
  for (const tensor of tensors.keys()) {
    const match = RECURRENT.exec(tensor);
    if (match === null) continue;
    const [, name = '', , layer] = match;
    const kind = layer === undefined ? 'cell' : 'layers';
    const key = `${kind} ${name}`;
    const module = found.get(key) ?? { name, kind, tensors: [], layers: 0 };
    module.tensors.push(tensor);
    module.layers = Math.max(module.layers, Number(layer ?? 0) + 1);
    found.set(key, module);
  }
  return [...found.values()].map((module) => ({
    ...module,
    reverse: module.tensors.find((tensor) => tensor.endsWith(REVERSE)),
    projection: module.tensors.find((tensor) => /(^|\.)weight_hr/.test(tensor)),
    cell: cellOf((kind) => tensors.get(tensorOf(module, kind, 0))?.shape),
  }));
}

function cellOf(shapeOf: (kind: string) => readonly number[] | undefined): TorchCell | 'other' {
  const [h = [], projection] = ['weight_hh', 'weight_hr'].map(shapeOf);
  if (projection === undefined) return cellOfShape(h) ?? 'other';
  return isProjected(h, projection) ? 'LSTM' : 'other';
}

/** Whether these are weight_hh [4 cells, values] and weight_hr [values, cells] of an LSTM, which alone has projections. */
export const isProjected = (
  [rows = 0, columns = 0]: readonly number[],
  [values = 0, cells = 0]: readonly number[],
): boolean => rows === TORCH_GATES.LSTM * cells && columns === values;

/** The cell whose recurrent matrix has these axes; null where none has. */
export function cellOfShape([rows = 0, columns = 0]: readonly number[]): TorchCell | null {
  return TORCH_CELLS.find((cell) => rows === TORCH_GATES[cell] * columns) ?? null;
}
