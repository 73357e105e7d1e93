import type { SafetensorsFile } from '../../formats/safetensors.js';
import { badMap, type NameMap } from '../map.js';
import { initialNames } from './initial.js';
import type { LayerNames } from './layer-names.js';
import { inModule, REVERSE, type RecurrentModule, recurrentModules, tensorOf } from './modules.js';
import { type Stack, stackDoubt, stackOf } from './stack.js';
import { namesText, type TensorReader } from './tensors.js';

const MAPPED_LAYER = /^lstm\..*_l(\d+)(_reverse)?$/;

/**
 * Which tensors make up the recurrent layers: those of the only recurrent module, of a numbered list of them whose sizes allow
 * nothing but a stack, of the modules that `lstm=NAME` or `lstm=NAME,NAME` names, or the single tensors that the map
 * names.
 * @throws UserError NOT_AN_LSTM (none, with the names found), LSTM_AMBIGUOUS (several), LSTM_UNSUPPORTED (another
 * class, a parameter that torch's modules do not have) or BAD_MAP.
 */
export function recurrentNames(
  source: SafetensorsFile,
  map: NameMap,
  reader: TensorReader,
  file: string,
  classes: ReadonlyMap<string, string> = new Map(),
): LayerNames {
  const modules = recurrentModules(source);
  const single = [...map.keys()].flatMap((canonical) => MAPPED_LAYER.exec(canonical)?.[1] ?? []);
  const mappedLayers = Math.max(0, ...single.map((layer) => Number(layer) + 1));
  const wanted = map.get('lstm');
  const chosen =
    wanted !== undefined
      ? named(modules, wanted, file)
      : mappedLayers > 0 && modules.length !== 1
        ? []
        : onlyOne(modules, source, reader);
  for (const module of chosen) {
    const initial = (initialNames(map, file) ?? []).flatMap((name) => name ?? []);
    checkModule(module, source, reader, initial);
    if (wanted === undefined) checkClass(module, classes.get(module.name), reader);
  }
  const own = chosen.flatMap((module) =>
    Array.from({ length: module.layers }, (_, l) => ({ module, l })),
  );
  return {
    layers: Math.max(mappedLayers, own.length),
    nameOf: (kind, layer, reverse) => {
      const canonical = mapped(kind, layer, reverse);
      const { module, l } = own[layer] ?? { module: chosen.at(-1), l: layer };
      return map.get(canonical) ?? (module ? tensorOf(module, kind, l, reverse) : canonical);
    },
    isMapped: (kind, layer, reverse) => map.has(mapped(kind, layer, reverse)),
    isBidirectional: (layer) =>
      own[layer]?.module.reverse !== undefined ||
      [...map.keys()].some((key) => key.endsWith(`_l${layer}${REVERSE}`)),
    modules: chosen,
    moduleOf: (layer) => own[layer]?.module,
    isFirstOf: (layer) => (own[layer]?.l ?? 0) === 0,
    notes: chosen.length > 1 ? [stackNote(chosen)] : [],
  };
}

/** What `--map` calls a tensor of a layer. */
const mapped = (kind: string, layer: number, reverse = false): string =>
  `lstm.${kind}_l${layer}${reverse ? REVERSE : ''}`;

type Modules = readonly RecurrentModule[];

function stackNote(modules: Modules): string {
  const names = modules.map(({ name }) => name || '(no prefix)').join(', ');
  return `taken as one stack, the lowest first: ${names}; a state_dict does not show what stands between them without weights`;
}

/** The module of that name, the modules whose names are that one and a number, or those of a list of names. */
function named(modules: Modules, name: string, file: string): Modules {
  const own = modules.filter((module) => module.name === name);
  if (own.length === 1) return own;
  const stack = stackOf(modules.filter((module) => module.name.startsWith(`${name}.`)));
  if (stack !== null) return stack.modules;
  const names = name.split(',');
  const listed = names.map((one) => modules.filter((module) => module.name === one));
  const distinct = new Set(names).size === names.length;
  if (names.length > 1 && distinct && listed.every(({ length }) => length === 1)) {
    return listed.flat();
  }
  const got = namesText(modules.map((module) => module.name || '(no prefix)'));
  throw badMap(`lstm= and a recurrent module of the file: ${got}`, name, file);
}

function onlyOne(modules: Modules, source: SafetensorsFile, reader: TensorReader): Modules {
  const [first] = modules;
  if (first === undefined) {
    const expected =
      'tensors of an LSTM, GRU or RNN: weight_ih_l0, weight_hh_l0 ..., with any prefix, or --map; fully connected layers alone are read where the file shows their order and functions: TorchScript or a saved torch.nn.Sequential of known layers, or ONNX';
    const found = namesText(source.tensors.keys());
    throw reader.fail('NOT_AN_LSTM', 'tensor names', expected, found);
  }
  const [only] = modules;
  // nn.LSTMCell in a list of one is a stack of one, whatever its number
  if (modules.length === 1 && only !== undefined) return [only];
  const stack = stackOf(modules);
  const doubt = stack && stackDoubt(stack, source);
  if (stack !== null && doubt === null) return stack.modules;
  throw reader.fail(
    'LSTM_AMBIGUOUS',
    'recurrent modules',
    ...severalModules(modules, stack, doubt),
  );
}

/** What to say about several modules, and which they are. */
function severalModules(
  modules: Modules,
  stack: Stack | null,
  doubt: string | null,
): [expected: string, got: string] {
  const known = modules.filter(({ cell }) => cell !== 'other').map(({ name }) => name);
  const all = stack?.parent || known.join(',');
  const order =
    known.length > 1 ? ` or, the lowest first, --map lstm=${all} for a stack of them,` : '';
  const names = modules.map(({ name, cell }) => `${name || '(no prefix)'} (${cell})`);
  return [
    `one recurrent module, or --map lstm=NAME${order} and --map outside=NAME,NAME for the rest`,
    `${namesText(names)}${doubt === null ? '' : `: ${doubt}`}`,
  ];
}

/** Parameters within a module that torch's recurrent modules do not have, and what they look like. */
const FOREIGN: readonly (readonly [RegExp, string])[] = [
  [/^weight_c|^w_?c[ifo]|peep/i, 'weights from c to the gates (peepholes)'],
  [/_(orig|mask)$/, 'half of a pruned tensor, or one beside the tensor itself'],
  [/_g(_l\d+)?$/, 'half of a weight norm, or one beside the weight itself'],
  [/_raw(_l\d+)?$/, 'a weight that is computed from others'],
  [
    /_(u|v)(_l\d+)?$/,
    'a weight that is computed from others (spectral norm, or half of a weight norm)',
  ],
  [
    /^(h|c)_?0$|init/i,
    'an initial state: --map initial=H,C where H and C are those of an LSTM, initial=H where H is that of a GRU or RNN',
  ],
];

/** A weight that torch.nn.utils.parametrize computes from others. */
const PARAMETRIZED = /^parametrizations\.(weight|bias)_(ih|hh|hr)/;

/** A class of the user's own may compute anything with the tensors of one of torch's. */
function checkClass(
  { name, cell }: RecurrentModule,
  type: string | undefined,
  reader: TensorReader,
): void {
  const own = ['', 'Cell'].map((end) => `torch.nn.modules.rnn.${cell}${end}`);
  if (type === undefined || own.includes(type)) return;
  const expected = `torch.nn.${cell} or ${cell}Cell, or --map lstm=${name} where it computes the same`;
  throw reader.fail('LSTM_UNSUPPORTED', name || '(no prefix)', expected, `a ${type}`);
}

function checkModule(
  module: RecurrentModule,
  source: SafetensorsFile,
  reader: TensorReader,
  initial: readonly string[],
): void {
  const { name, cell, projection, kind } = module;
  const refuse = (field: string, expected: string, got: string) =>
    reader.fail('LSTM_UNSUPPORTED', field, expected, got);
  // torch has projections in nn.LSTM alone
  if (projection !== undefined && kind === 'cell') {
    throw refuse(projection, 'h of as many values as cells', 'a projection of a single cell');
  }
  const within = inModule(name, '');
  const known = new Set([...module.tensors, ...initial]);
  const foreign = [...source.tensors.keys()].find(
    (tensor) =>
      tensor.startsWith(within) &&
      (PARAMETRIZED.test(tensor.slice(within.length)) ||
        !tensor.slice(within.length).includes('.')) &&
      !known.has(tensor),
  );
  if (foreign === undefined) return;
  const own = foreign.slice(within.length);
  if (PARAMETRIZED.test(own)) {
    const list = foreign.split('.').slice(0, -1).join('.');
    const spectral = ['.0._u', '._u'].some((part) => source.tensors.has(list + part));
    const how = spectral ? 'a spectral norm' : 'another one';
    throw refuse(foreign, 'no parametrization but a weight norm or a mask', how);
  }
  const torchCell = cell === 'other' ? 'LSTM' : cell;
  const like = FOREIGN.find(([pattern]) => pattern.test(own))?.[1];
  throw refuse(
    foreign,
    `in ${name || 'the module'} nothing but weight_ih, weight_hh, bias_ih and bias_hh (of an LSTM weight_hr), as in torch.nn.${torchCell}; there is no hardware for more`,
    like ?? `a parameter that torch.nn.${torchCell} does not have`,
  );
}
