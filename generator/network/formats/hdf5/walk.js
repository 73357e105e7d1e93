// Reads an HDF5 file with the HDF5 library, as WebAssembly. Plain JavaScript, because it runs in a process of its own
// that starts from the sources and from dist/ alike.

/** What a file may hold: no more groups and datasets, and none deeper in groups. */
const MOST_OBJECTS = 20_000;
const MOST_DEPTH = 32;
/** Numbers in the library: https://docs.hdfgroup.org/hdf5/v1_14/_h5_tpublic_8h.html */
const [INTEGER, FLOAT, STRING, OPAQUE] = [0, 1, 3, 5];
const KINDS = ['integers', 'numbers', 'times', 'text', 'bits', 'opaque data', 'records'];
KINDS.push('references', 'an enumeration', 'lists of any length', 'arrays');

/** Why a file is not read: `code` and `text` go into the error for the user. */
export class Refusal extends Error {
  constructor(code, text) {
    super(text);
    this.code = code;
  }
}

/**
 * All groups and datasets below the root with their attributes, and the data of those that hold real numbers, one behind
 * the other. Datasets below a path of `skip` are described, not read. Links to other names or files are not followed.
 * @param {object} h5 the module h5wasm, ready
 * @param {Uint8Array} bytes the file
 * @param {{budget: number, skip: readonly string[]}} limits bytes that attributes and data may take together
 * @returns {{objects: object[], data: Uint8Array[]}} @throws Refusal
 */
export function walk(h5, bytes, { budget, skip }) {
  const { Module } = h5;
  const name = '/file.h5';
  Module.FS.writeFile(name, bytes);
  let file;
  try {
    file = opened(h5, name);
    return new Walker(Module, file.file_id, budget, skip).run();
  } finally {
    if (file !== undefined) file.close();
    Module.FS.unlink(name);
  }
}

function opened(h5, name) {
  let file;
  try {
    file = new h5.File(name, 'r');
  } catch {
    // told below
  }
  if (file === undefined || file.file_id <= 0n) {
    throw new Refusal('HDF5_INVALID', 'a damaged file, or one that is cut short');
  }
  return file;
}

class Walker {
  objects = [];
  data = [];
  offset = 0;
  left;

  constructor(Module, id, budget, skip) {
    Object.assign(this, { Module, id, budget, skip, left: budget });
  }

  run() {
    this.group('/', 0);
    return { objects: this.objects, data: this.data };
  }

  group(path, depth) {
    if (depth > MOST_DEPTH)
      throw new Refusal('HDF5_LIMIT', `more than ${MOST_DEPTH} groups in each other`);
    this.add({ path, kind: 'group', attributes: this.attributes(path) });
    for (const name of this.Module.get_names(this.id, path, false)) {
      if (name === '' || name === '.' || name.includes('/')) continue;
      const below = path === '/' ? `/${name}` : `${path}/${name}`;
      if (this.Module.get_symbolic_link(this.id, below) !== null) {
        this.add({ path: below, kind: 'link', attributes: {} });
        continue;
      }
      const type = this.Module.get_type(this.id, below);
      if (type === this.Module.H5G_GROUP) this.group(below, depth + 1);
      else if (type === this.Module.H5G_DATASET) this.dataset(below);
      else this.add({ path: below, kind: 'link', attributes: {} });
    }
  }

  add(object) {
    this.spend(object.path.length + 16);
    this.objects.push(object);
    if (this.objects.length > MOST_OBJECTS) {
      throw new Refusal('HDF5_LIMIT', `more than ${MOST_OBJECTS} groups and datasets`);
    }
  }

  spend(bytes) {
    this.left -= bytes;
    if (!(this.left >= 0))
      throw new Refusal('HDF5_LIMIT', `more than ${this.budget} bytes when unpacked`);
  }

  attributes(path) {
    const found = {};
    for (const name of this.Module.get_attribute_names(this.id, path)) {
      this.spend(name.length);
      const value = this.attribute(path, name);
      if (value !== undefined) Object.defineProperty(found, name, { value, enumerable: true });
    }
    return found;
  }

  /** Text, numbers, or a list of either; undefined for all else. */
  attribute(path, name) {
    const { Module, id } = this;
    const { type, size, total_size, shape, vlen, signed } = Module.get_attribute_metadata(
      id,
      path,
      name,
    );
    if (!shape || (type !== STRING && type !== INTEGER && type !== FLOAT)) return undefined;
    const length = size * total_size;
    this.spend(length);
    const at = allocate(Module, length);
    try {
      const status = Module.get_attribute_data(id, path, name, BigInt(at));
      if (status < 0)
        throw new Refusal('HDF5_INVALID', `attributes of ${path} that cannot be read`);
      const raw = Module.HEAPU8.slice(at, at + length);
      const values = [];
      for (let i = 0; i < total_size; i++) {
        const own = raw.subarray(i * size, (i + 1) * size);
        if (type !== STRING) values.push(number(own, type, signed));
        else values.push(vlen ? this.pointed(own) : text(own));
      }
      return shape.length === 0 ? values[0] : values;
    } finally {
      if (vlen) Module.reclaim_vlen_memory(id, path, name, BigInt(at));
      Module._free(at);
    }
  }

  /** The text that a pointer of the library leads to. */
  pointed(pointer) {
    const { HEAPU8 } = this.Module;
    const at = new DataView(pointer.buffer, pointer.byteOffset, 4).getUint32(0, true);
    if (at === 0) return '';
    const end = HEAPU8.indexOf(0, at);
    if (end < 0) throw new Refusal('HDF5_INVALID', 'a text without an end');
    this.spend(end - at);
    return text(HEAPU8.slice(at, end));
  }

  dataset(path) {
    const { Module, id } = this;
    const about = Module.get_dataset_metadata(id, path);
    const { type, size, shape, signed, virtual_sources } = about;
    const attributes = this.attributes(path);
    const object = { path, kind: 'dataset', attributes, shape: shape?.map(Number) ?? [] };
    const half = type === OPAQUE && size === 2 && attributes.dtype === 'bfloat16';
    const real = type === INTEGER || type === FLOAT || half;
    if (!real || !shape || virtual_sources?.length > 0 || (type === FLOAT && size === 1)) {
      const what =
        virtual_sources?.length > 0
          ? 'data of other files'
          : (KINDS[type] ?? 'data of an unknown type');
      this.add({ ...object, what });
      return;
    }
    const letter = half ? 'bfloat' : type === FLOAT ? 'float' : signed ? 'int' : 'uint';
    const length = size * about.total_size;
    // the library turns big-endian numbers round
    const own = { ...object, type: `${letter}${8 * size}` };
    if (this.skip.some((one) => path.startsWith(`${one}/`))) {
      this.add(own);
      return;
    }
    this.spend(length);
    this.add({ ...own, offset: this.offset, length });
    this.offset += length;
    if (length === 0) return;
    const at = allocate(Module, length);
    try {
      const status = Module.get_dataset_data(id, path, null, null, null, BigInt(at));
      if (status < 0) throw new Refusal('HDF5_INVALID', `data of ${path} that cannot be read`);
      this.data.push(Module.HEAPU8.slice(at, at + length));
    } finally {
      Module._free(at);
    }
  }
}

function allocate(Module, length) {
  const at = Module._malloc(Math.max(length, 1));
  if (at === 0) throw new Refusal('HDF5_LIMIT', 'more memory than it may take');
  return at;
}

function text(bytes) {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** A number as the library gives it, in little-endian order. */
function number(bytes, type, signed) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === FLOAT) {
    if (bytes.length === 8) return view.getFloat64(0, true);
    return bytes.length === 4 ? view.getFloat32(0, true) : null;
  }
  if (bytes.length === 8)
    return Number(signed ? view.getBigInt64(0, true) : view.getBigUint64(0, true));
  if (bytes.length === 4) return signed ? view.getInt32(0, true) : view.getUint32(0, true);
  return bytes.length === 1 ? view.getUint8(0) : null;
}
