import { unexpected } from '../../../base/errors.js';
import type { Imported, ImportOptions } from '../imported.js';
import { badMap, type NameMap } from '../map.js';
import { NOTHING_BESIDE } from '../pytorch/beside.js';
import { importPytorch } from '../pytorch/import-pytorch.js';
import { namesText } from '../pytorch/tensors.js';
import { resetNote, withResetBefore } from '../reset.js';
import { isKernelKey, withKernels } from './kernels.js';
import type { NpzTensors } from './tensors.js';

const KERAS = /(^|[/._])(recurrent_)?kernel(:0)?$/;
const PYTORCH = /(^|\.)weight_(ih|hh)(_l\d+)?$/;

/**
 * A network of arrays by their names: those of PyTorch are taken as a state_dict is, others where the map names each.
 * @throws UserError KERAS_LAYOUT with the maps that are needed, BAD_MAP, or as `importPytorch`
 */
export function importNpz(
  { source, odd }: NpzTensors,
  file: string,
  map: NameMap,
  options: ImportOptions,
): Imported {
  const names = [...source.tensors.keys()];
  const mapped = [...map.keys()].some((key) => key.startsWith('lstm.') || isKernelKey(key));
  if (
    !mapped &&
    !names.some((name) => PYTORCH.test(name)) &&
    names.some((one) => KERAS.test(one))
  ) {
    const expected =
      '--map lstm.kernel_l0=NAME, lstm.recurrent_kernel_l0=NAME and lstm.bias_l0=NAME for each layer, where they are layers of Keras: LSTM with gates i, f, c, o, GRU with z, r, h, or SimpleRNN';
    const got = namesText(names);
    throw unexpected({ code: 'KERAS_LAYOUT', file, field: 'array names', expected, got });
  }
  const reverse = [...map.keys()].find((key) => key.endsWith('_reverse'));
  if (reverse !== undefined && [...map.keys()].some(isKernelKey)) {
    throw badMap('kernels of layers with one direction', `${reverse}=`, file);
  }
  const kernels = withKernels(source, map, file, options);
  const imported = importPytorch(
    kernels.source,
    file,
    kernels.map,
    { ...NOTHING_BESIDE, odd },
    options,
  );
  const own = (name: string) => (kernels.from.has(name) ? kernels.from.get(name) : name);
  return {
    ...imported,
    format: 'npz',
    model: {
      ...imported.model,
      layers: imported.model.layers.map((layer, l) =>
        kernels.before.has(l) ? withResetBefore(layer) : layer,
      ),
    },
    taken: imported.taken.flatMap((name) => own(name) ?? []),
    leftOut: imported.leftOut.filter((one) => own(one.name) !== null),
    notes: [
      ...kernels.notes,
      ...[...kernels.before].map((l) => resetNote(`layer ${l}`)),
      ...imported.notes,
    ],
  };
}
