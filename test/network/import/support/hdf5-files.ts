import { File, ready } from 'h5wasm';
import type { Contents } from './keras-files.js';

const { FS } = await ready;

type Act = (file: InstanceType<typeof File>) => void;

/** The bytes of an HDF5 file that `act` fills. */
export function hdf5Bytes(act: Act): Uint8Array {
  const name = '/made.h5';
  const file = new File(name, 'w');
  try {
    act(file);
    file.flush();
  } finally {
    file.close();
  }
  const bytes = FS.readFile(name) as Uint8Array;
  FS.unlink(name);
  return bytes;
}

/** The bytes of a file with these groups, attributes and datasets. */
export function contentsBytes({ groups, datasets }: Contents): Uint8Array {
  return hdf5Bytes((file) => {
    for (const [path, attributes] of Object.entries(groups)) {
      const group = path === '' ? file : (groupAt(file, path) as typeof file);
      for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === 'string') group.create_attribute(name, value);
        else if (value.length > 0) group.create_attribute(name, [...value], [value.length], 'S64');
      }
    }
    for (const [path, { shape, data }] of Object.entries(datasets)) {
      groupAt(file, path.split('/').slice(0, -1).join('/'));
      file.create_dataset({
        name: path,
        data: Float32Array.from(data),
        shape: [...shape],
        dtype: '<f4',
      });
    }
  });
}

function groupAt(file: InstanceType<typeof File>, path: string) {
  const parts = path.split('/');
  parts.forEach((_, i) => {
    const own = parts.slice(0, i + 1).join('/');
    if (own !== '' && file.get(own) === null) file.create_group(own);
  });
  return file.get(path);
}
