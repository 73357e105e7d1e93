import { zipSync } from 'fflate';
import type { NpyArray, WritableType } from '../../generator/network/formats/npy.js';
import { writeNpz } from '../../generator/network/formats/npz.js';
import { namedTensors } from '../../test/network/import/support/json-networks.js';
import { layers, linear } from '../../test/network/import/support/standard-network.js';
import type { Mutation } from './mutate-bytes.js';
import { npyHeader } from './mutate-npy.js';
import type { Seed } from './seeds.js';
import { unzipped } from './unzipped.js';

type Written = NpyArray & { readonly type: WritableType };

/** Weights under the names of PyTorch, as numpy.savez and numpy.savez_compressed write them. */
export function npzSeeds(): readonly Seed[] {
  const arrays = (type: WritableType, own: object) =>
    new Map(
      Object.entries(
        namedTensors(layers, linear, { ...own, write: (shape, data) => ({ shape, data }) }),
      ).map(([name, array]) => [name, { type, ...(array as Omit<Written, 'type'>) } as Written]),
    );
  const stored = writeNpz(arrays('float32', {}));
  const others = writeNpz(arrays('float32', { lstm: 'encoder.rnn', fc: 'head' }));
  return [
    { name: 'stored', bytes: stored },
    { name: 'deflated', bytes: zipSync(unzipped(stored), { level: 9 }) },
    { name: 'other names', bytes: others },
  ];
}

const NAMES = [
  'lstm.weight_ih_l2',
  'lstm.weight_hr_l0',
  'fc.weight',
  'step',
  '../x',
  'fc.bias_orig',
  '',
];

/** Arrays that are dropped, doubled, renamed, exchanged, cut short or zeros that are packed well. */
export const npzEntries: Mutation = (bytes, random) => {
  const files: Record<string, Uint8Array> = unzipped(bytes);
  const names = Object.keys(files);
  const [a, b] = [0, 1].map(() => names[random.below(names.length)] ?? '') as [string, string];
  const data = files[a] as Uint8Array;
  const name = `${NAMES[random.below(NAMES.length)]}.npy`;
  switch (random.below(7)) {
    case 0:
      delete files[a];
      break;
    case 1:
      files[name] = data;
      break;
    case 2:
      delete files[a];
      files[name] = data;
      break;
    case 3:
      [files[a], files[b]] = [files[b] as Uint8Array, data];
      break;
    case 4:
      files[a] = data.slice(0, random.below(data.length + 1));
      break;
    case 5: {
      const long = new Uint8Array(10 ** random.between(3, 7));
      long.set(data);
      files[a] = long;
      break;
    }
    default:
      for (let n = 10 ** random.between(1, 3); n > 0; n--) files[`a${n}.npy`] = data;
  }
  return zipSync(files, { level: random.below(2) === 0 ? 0 : 9 });
};

/** Another type, shape or order of one array, with check sums that hold. */
export const npzHeader: Mutation = (bytes, random, others) => {
  const files: Record<string, Uint8Array> = unzipped(bytes);
  const names = Object.keys(files);
  const name = names[random.below(names.length)] as string;
  files[name] = npyHeader(files[name] as Uint8Array, random, others);
  return zipSync(files, { level: 0 });
};

/** Any byte of an array, with check sums that hold: NaN, infinity, a version that is unknown. */
export const npzBytes: Mutation = (bytes, random) => {
  const files: Record<string, Uint8Array> = unzipped(bytes);
  const names = Object.keys(files);
  const name = names[random.below(names.length)] as string;
  const data = Uint8Array.from(files[name] as Uint8Array);
  const start = random.below(data.length);
  const fill = [0, 0x7f, 0x80, 0xff][random.below(4)] as number;
  data.fill(fill, start, start + random.between(1, 8));
  files[name] = data;
  return zipSync(files, { level: 0 });
};
