import { unexpected } from '../../../base/errors.js';
import type { PyValue } from '../../formats/pickle/values.js';
import { badMap } from '../map.js';
import type { Dictionary } from './dictionaries.js';
import { equalTensors } from './equal.js';
import { describe } from './shown.js';
import type { ValueReader } from './values.js';

/** Names of recurrent weights as torch has them, whole, pruned or computed from others. */
const RECURRENT = /(^|\.)weight_(ih|hh)(_l\d+(_reverse)?)?(_orig|_g|_v)?(\.(original\d?))?$/;
/** Names that parameters and buffers of modules have, which tell them from states of an optimiser. */
const PARAMETER = /(^|\.)(weight|bias|running_(mean|var)|num_batches_tracked|weight_(orig|g))$/;

/** The dictionaries that make up the network, and what they are called in it. */
export interface Chosen {
  readonly main: Dictionary;
  /** Further state_dicts that stand beside it in one dictionary, each a module of its own. */
  readonly beside: readonly Dictionary[];
  readonly notes: readonly string[];
}

/**
 * Which dictionary of the file is the network: the one that `state` names, else the only one with recurrent weights,
 * several being one when they hold the same values.
 * @throws UserError TORCH_NO_STATE (no tensors at all), TORCH_SEVERAL (several networks) or BAD_MAP
 */
export function chooseState(
  all: readonly Dictionary[],
  state: string | undefined,
  root: PyValue,
  values: ValueReader,
  file: string,
): Chosen {
  if (state !== undefined) {
    const named = all.filter(({ path }) => path === state);
    const [main] = named;
    if (main === undefined || named.length > 1) throw noSuchState(all, state, file);
    return { main, beside: [], notes: [pathNote([main], ', as --map says')] };
  }
  const recurrent = all.filter(isRecurrent);
  const [first, ...more] = preferModules(recurrent);
  if (first === undefined) {
    const largest = [...all].sort((a, b) => b.tensors.size - a.tensors.size)[0];
    if (largest !== undefined && largest.tensors.size > 0)
      return { main: largest, beside: [], notes: [] };
    const expected =
      'a state_dict, a checkpoint with one, or a module with parameters (torch.jit.freeze leaves none)';
    throw unexpected({
      code: 'TORCH_NO_STATE',
      file,
      field: 'tensors',
      expected,
      got: describe(root),
    });
  }
  const other = more.find((one) => !equalTensors(first, one, values));
  if (other !== undefined) throw several(recurrent, file);
  const beside = all.filter(
    (one) =>
      one !== first &&
      one.path !== '' &&
      one.within === first.within &&
      !isRecurrent(one) &&
      (one.module !== null || [...one.tensors.keys()].some((name) => PARAMETER.test(name))),
  );
  const same = more.map(({ path }) => path || 'the file itself');
  return {
    main: first,
    beside,
    notes: [
      ...(first.path === '' ? [] : [pathNote([first, ...beside], '')]),
      ...(same.length === 0 ? [] : [`${same.join(', ')} holds the same values`]),
    ],
  };
}

/** Whether a dictionary has weights of a recurrent module. */
export const isRecurrent = ({ tensors }: Dictionary): boolean =>
  [...tensors.keys()].some((name) => RECURRENT.test(name));

/** A module says more than its state_dict. */
const preferModules = (all: readonly Dictionary[]): readonly Dictionary[] => [
  ...all.filter(({ module }) => module !== null),
  ...all.filter(({ module }) => module === null),
];

const pathNote = (parts: readonly Dictionary[], why: string): string =>
  `the network is ${parts.map(({ path }) => path).join(' and ')} of the file${why}`;

const pathsText = (all: readonly Dictionary[]): string =>
  all
    .map(({ path, tensors }) => `${path || '(the file itself)'} (${tensors.size} tensors)`)
    .join(', ');

function several(recurrent: readonly Dictionary[], file: string) {
  const ways = recurrent.filter(({ path }) => path !== '').map(({ path }) => `--map state=${path}`);
  const expected = `one network, or ${ways.join(' or ')}`;
  const got = `several with other values: ${pathsText(recurrent)}`;
  return unexpected({ code: 'TORCH_SEVERAL', file, field: 'state_dict', expected, got });
}

function noSuchState(all: readonly Dictionary[], state: string, file: string) {
  const there = all.filter(({ path }) => path !== '');
  const expected = `state= and the keys that lead to a state_dict: ${pathsText(there) || 'there is none'}`;
  return badMap(expected, state, file);
}
