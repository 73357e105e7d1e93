import { zipEntries } from '../../generator/network/formats/zip.js';

/**
 * The files of an archive, by name. An input that was changed before may be no archive any more: then this throws, where
 * fflate looks for the end of some without end.
 */
export function unzipped(bytes: Uint8Array): Record<string, Uint8Array> {
  return Object.fromEntries(
    zipEntries(bytes, 'changed').map(({ name, read }) => [name, Uint8Array.from(read())]),
  );
}
