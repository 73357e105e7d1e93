import { zipSync } from 'fflate';

/** Opcodes of a pickle, or letters that stand for them. */
export type Part = string | Uint8Array | readonly number[];

export function joined(...parts: readonly Part[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1'))));
}

/** Letters for opcodes, and bytes behind them, to bytes. */
export const pickle = (...parts: readonly Part[]): Uint8Array => joined('\x80\x02', ...parts, '.');

const uint32 = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
};

export const int = (value: number): Uint8Array => joined('J', uint32(value));
export const text = (value: string): Uint8Array => {
  const bytes = new TextEncoder().encode(value);
  return joined('X', uint32(bytes.length), bytes);
};
export const global = (module: string, name: string): Uint8Array => joined(`c${module}\n${name}\n`);
export const tuple = (...items: readonly Part[]): Uint8Array => joined('(', ...items, 't');
export const list = (...items: readonly Part[]): Uint8Array => joined('](', ...items, 'e');
export const dict = (entries: Readonly<Record<string, Part>>): Uint8Array =>
  joined('}(', ...Object.entries(entries).flatMap(([key, value]) => [text(key), value]), 'u');
export const reduce = (of: Part, ...args: readonly Part[]): Uint8Array =>
  joined(of, tuple(...args), 'R');

/** A storage of `length` elements. */
export const storage = (key: string, length: number, type = 'FloatStorage'): Uint8Array =>
  joined(tuple(text('storage'), global('torch', type), text(key), text('cpu'), int(length)), 'Q');

interface View {
  readonly length?: number;
  readonly offset?: number;
  readonly strides?: readonly number[];
  readonly type?: string;
  readonly more?: readonly Part[];
}

/** A tensor, contiguous unless `strides` say otherwise. */
export function tensor(key: string, shape: readonly number[], view: View = {}): Uint8Array {
  const plain = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const { offset = 0, strides = plain, type, more = [] } = view;
  const length = view.length ?? shape.reduce((a, b) => a * b, 1);
  return reduce(
    global('torch._utils', '_rebuild_tensor_v2'),
    storage(key, length, type),
    int(offset),
    tuple(...shape.map(int)),
    tuple(...strides.map(int)),
    '\x89',
    reduce(global('collections', 'OrderedDict')),
    ...more,
  );
}

/** Numbers that are small, as float32. */
export const floats = (count: number): Uint8Array =>
  new Uint8Array(Float32Array.from({ length: count }, (_, i) => ((i * 7) % 11) / 16 - 0.3).buffer);

/** An LSTM of 2 inputs and 3 cells, and its storages 0 to 3. */
export const lstmEntries = (prefix = ''): Record<string, Uint8Array> => ({
  [`${prefix}weight_ih_l0`]: tensor('0', [12, 2]),
  [`${prefix}weight_hh_l0`]: tensor('1', [12, 3]),
  [`${prefix}bias_ih_l0`]: tensor('2', [12]),
  [`${prefix}bias_hh_l0`]: tensor('3', [12]),
});
export const lstmStorages = (): Record<string, Uint8Array> => ({
  0: floats(24),
  1: floats(36),
  2: floats(12),
  3: floats(12),
});

/** What torch.save writes: a pickle, and storages by their keys. */
export function torchFile(
  data: Uint8Array,
  storages: Readonly<Record<string, Uint8Array>> = lstmStorages(),
  more: Readonly<Record<string, Uint8Array>> = {},
  level: 0 | 9 = 0,
): Uint8Array {
  const entries = Object.entries(storages).map(([key, bytes]) => [`net/data/${key}`, bytes]);
  return zipSync({ 'net/data.pkl': data, ...Object.fromEntries(entries), ...more }, { level });
}
