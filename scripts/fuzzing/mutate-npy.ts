import type { Mutation } from './mutate-bytes.js';

const TYPES = ['<f4', '<f8', '<i8', '<u8', '|i1', '>f4', '<c8', '|O', '<f2', '|S4', '=i4'];

/** Changes of the text in the header: type, order, shape. */
export const npyHeader: Mutation = (bytes, random) => {
  const text = new TextDecoder('latin1').decode(bytes.subarray(10, 128));
  const length = () => [0, 1, 2, 3, 5, 12, 24, 2 ** 31, 10 ** 15, 10 ** 30][random.below(10)];
  const shape = Array.from({ length: random.below(5) }, length).join(', ');
  const changed = [
    () => text.replace(/'<[^']*'/, `'${TYPES[random.below(TYPES.length)]}'`),
    () => text.replace('False', 'True '),
    () => text.replace(/\([^)]*\)/, `(${shape})`),
    () => text.replace(/\([^)]*\)/, `(${'1,'.repeat(random.below(60))})`),
    () => text.replace("'shape'", "'shapes'"),
  ][random.below(5)] as () => string;
  const out = bytes.slice();
  out.set(new TextEncoder().encode(changed()).subarray(0, 118), 10);
  return out;
};
