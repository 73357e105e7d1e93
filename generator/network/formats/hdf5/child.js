// The process that reads one HDF5 file: the file comes on stdin, options in the arguments, what is in it leaves on stdout.
// See hdf5.ts for what this is good for. Nothing of the file can reach a disk: its file system is in memory.
import { readFileSync, writeSync } from 'node:fs';

const { budget, memory, skip } = JSON.parse(process.argv[2]);

// the memory of the library may grow to this many bytes; beyond that its allocations fail
const grow = WebAssembly.Memory.prototype.grow;
WebAssembly.Memory.prototype.grow = function (pages) {
  if (this.buffer.byteLength + 65_536 * pages > memory) throw new RangeError('memory');
  return grow.call(this, pages);
};

let reply;
try {
  const h5 = await import('h5wasm');
  await h5.ready;
  const { walk } = await import('./walk.js');
  const { objects, data } = walk(h5, readFileSync(0), { budget, skip });
  reply = { header: { objects }, data };
} catch (error) {
  const own = typeof error?.code === 'string' && error.code.startsWith('HDF5_');
  // whatever else the library throws comes from what the file says
  const failed = own
    ? { code: error.code, text: error.message }
    : { code: 'HDF5_INVALID', text: 'a damaged file' };
  reply = { header: { failed }, data: [] };
}

const header = Buffer.from(JSON.stringify(reply.header));
const length = Buffer.alloc(4);
length.writeUInt32LE(header.length);
for (const part of [length, header, ...reply.data]) {
  for (let at = 0; at < part.length; ) at += writeSync(1, part, at);
}
process.exit(0);
