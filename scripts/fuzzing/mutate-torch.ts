import { zipSync } from 'fflate';
import type { Random } from '../../generator/base/random.js';
import { joined, type Mutation } from './mutate-bytes.js';
import { unzipped } from './unzipped.js';

/** Opcodes that take nothing behind them. */
const OPCODES = '(012NRabde}]losu)t\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94';
const INSERTED = [
  'cos\nsystem\n',
  'ctorch\nFloatStorage\n',
  'ctorch\nQInt8Storage\n',
  'ctorch._utils\n_rebuild_tensor_v2\n',
  'ctorch._utils\n_rebuild_parameter\n',
  'ctorch._utils\n_rebuild_tensor_v3\n',
  'ctorch._tensor\n_rebuild_from_type_v2\n',
  'ctorch\nfloat64\n',
  'ccollections\nOrderedDict\n',
  'cbuiltins\nset\n',
  'cnumpy\ndtype\n',
  'cnumpy.core.multiarray\n_reconstruct\n',
  'cnumpy.core.multiarray\nscalar\n',
  'c_codecs\nencode\n',
  'ccopy_reg\n_reconstructor\n',
  'iposix\nsystem\n',
  'X\x06\0\0\0latin1',
  'X\x08\0\0\0_modules',
  'X\x07\0\0\0storage',
  'h\0',
  'h\x01',
  'h\x05',
  'q\0',
  'K\0',
  'K\x02',
  'J\xff\xff\xff\xff',
  'J\xff\xff\xff\x7f',
  '\x8a\x08\0\0\0\0\0\0\x20\0',
];
const NAMES = ['byteorder', 'constants.pkl', 'code/__torch__.py', 'data/0', 'data.pkl', 'version'];

const latin = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** Opcodes in a pickle, anywhere: most of them break it, some of them change what it is. */
function changed(pickle: Uint8Array, random: Random): Uint8Array {
  const at = random.below(Math.max(1, pickle.length));
  const opcode = latin(OPCODES[random.below(OPCODES.length)] as string);
  const part = latin(INSERTED[random.below(INSERTED.length)] as string);
  const cut = random.between(0, 6);
  switch (random.below(5)) {
    case 0:
      return joined(pickle.subarray(0, at), opcode, pickle.subarray(at + 1));
    case 1:
      return joined(pickle.subarray(0, at), part, pickle.subarray(at + cut));
    case 2:
      return joined(pickle.subarray(0, at), pickle.subarray(at + cut));
    case 3: {
      // a number or the number of a value in the memo
      const out = pickle.slice();
      out[at] = random.below(2) === 0 ? random.below(256) : (out[at] ?? 0) + random.between(-2, 2);
      return out;
    }
    default:
      return joined(pickle.subarray(0, at), opcode, part, pickle.subarray(at));
  }
}

/** A pickle that is large or nested. */
function hostile(random: Random): Uint8Array {
  const n = 10 ** random.between(1, 6);
  const opcode = OPCODES[random.below(OPCODES.length)] as string;
  const parts = ['\x80\x02', '(', opcode.repeat(n), 't.'];
  const doubled = Array.from({ length: 60 }, (_, i) => `](h${char(i)}h${char(i)}eq${char(i + 1)}`);
  const modules = Array.from(
    { length: 30 },
    (_, i) =>
      `ca\nb\n)\x81}X\x08\0\0\0_modules}(X\x01\0\0\0ah${char(i)}X\x01\0\0\0bh${char(i)}usbq${char(i + 1)}`,
  );
  const all = [parts, ['\x80\x02]q\0', ...doubled, '.'], ['\x80\x02]q\0', ...modules, '.']];
  return latin((all[random.below(all.length)] as readonly string[]).join(''));
}

const char = (code: number): string => String.fromCharCode(code);

/** Changes of the pickle, or of another file, in the archive of torch.save. */
export const torchPickle: Mutation = (bytes, random) =>
  inArchive(bytes, (files, name) => {
    for (let n = random.between(1, 3); n > 0; n--) {
      files[name] = changed(files[name] as Uint8Array, random);
    }
  });

export const torchHostile: Mutation = (bytes, random) =>
  inArchive(bytes, (files, name) => {
    files[name] = hostile(random);
  });

export const torchArchive: Mutation = (bytes, random) =>
  inArchive(bytes, (files, name) => {
    const folder = name.slice(0, -'data.pkl'.length);
    const names = Object.keys(files);
    const own = names[random.below(names.length)] as string;
    const other = names[random.below(names.length)] as string;
    const data = files[own] as Uint8Array;
    switch (random.below(5)) {
      case 0:
        delete files[own];
        break;
      case 1:
        files[own] = data.subarray(0, random.below(data.length + 1));
        break;
      case 2:
        files[own] = files[other] as Uint8Array;
        break;
      case 3:
        files[folder + (NAMES[random.below(NAMES.length)] as string)] = data;
        break;
      default:
        // zeros that are packed well
        files[own] = new Uint8Array(10 ** random.between(1, 7));
    }
  });

function inArchive(
  bytes: Uint8Array,
  change: (files: Record<string, Uint8Array>, name: string) => void,
): Uint8Array {
  const files = unzipped(bytes);
  const name = Object.keys(files).find((one) => one.endsWith('data.pkl'));
  if (name === undefined) return bytes;
  change(files, name);
  return zipSync(files, { level: bytes.length % 2 === 0 ? 0 : 6 });
}
