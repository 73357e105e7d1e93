import { constants, gunzipSync } from 'node:zlib';
import { begins, type Foreign, magic, type Recognise } from './kind.js';

const UNPACK = 'unpack it first';

/** Packed bytes that are looked into, and the most that they may become. */
const [LOOKED_AT, MOST] = [4096, 2 ** 23];

/** Archives that hcgs does not look into. */
export const ARCHIVES: readonly Recognise[] = [
  gzip,
  magic('\x28\xb5\x2f\xfd', 'a zstd archive', UNPACK),
  magic('\xfd7zXZ', 'an xz archive', UNPACK),
  magic('BZh', 'a bzip2 archive', UNPACK),
  magic("7z\xbc\xaf'\x1c", 'a 7z archive', UNPACK),
  magic('Rar!\x1a\x07', 'a RAR archive', UNPACK),
  magic('\x04\x22\x4d\x18', 'an LZ4 archive', UNPACK),
  magic('\x1f\x9d', 'a compress archive (.Z)', UNPACK),
  magic('ustar', 'a tar archive', UNPACK, 257),
  (bytes) =>
    bytes[0] === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(bytes[1] ?? 0)
      ? { what: 'zlib data (joblib packs pickles so)', how: PICKLED }
      : null,
];

const PICKLED =
  'in Python: joblib.load, and then safetensors.numpy.save_file with the names that PyTorch gives its tensors';

/** What a gzip file holds decides what to do with it. */
function gzip(bytes: Uint8Array): Foreign | null {
  if (!begins(bytes, '\x1f\x8b')) return null;
  const inside = unpacked(bytes);
  if (begins(inside, 'ustar', 257)) return { what: 'a packed tar archive (.tar.gz)', how: UNPACK };
  if (/^(RDX[23]\n)?[XA]\n/.test(String.fromCharCode(...inside.subarray(0, 8)))) {
    return {
      what: 'data of R (.rds, .RData), gzipped',
      how: 'in R, write each matrix with RcppCNPy::npySave, or all as JSON with jsonlite',
    };
  }
  return { what: 'a gzip archive', how: 'gunzip it first' };
}

/** The first bytes of what is packed; none where it is damaged. */
function unpacked(bytes: Uint8Array): Uint8Array {
  try {
    const finishFlush = constants.Z_SYNC_FLUSH;
    return gunzipSync(bytes.subarray(0, LOOKED_AT), { finishFlush, maxOutputLength: MOST });
  } catch {
    return new Uint8Array();
  }
}
