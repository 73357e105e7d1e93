import { existsSync, lstatSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot } from '../../base/cache-root.js';
import { readInside } from '../../base/inside.js';
import { isOwn, ownFolder } from '../../base/own-folder.js';
import { sha256 } from '../../design/write/hash.js';
import { buildFolder } from '../fpga/yosys.js';

/** A netlist as it lies in a design, and the hash of what it says that it was made from; empty: it does not say. */
export interface StoredNetlist {
  readonly verilog: string;
  readonly sources: string;
}

/** Reads STEM.v and STEM.sources of a design. @throws UserError as `readInside` */
export function readNetlist(directory: string, stem: string): StoredNetlist {
  const text = (path: string): string => new TextDecoder().decode(readInside(directory, path));
  const record = `${stem}.sources`;
  const sources = existsSync(join(directory, record)) ? text(record).trim() : '';
  return { verilog: text(`${stem}.v`), sources };
}

/**
 * Notes in this user's cache that a netlist, just made below `directory`, was made by hcgs: what lies in a design may be from
 * anybody, and says of itself what it likes.
 */
export function noteNetlist(directory: string, target: string, name: string): void {
  const stem = `${buildFolder(target)}/${name}`;
  const files = ['.v', '.sources'].map((end) => join(directory, stem + end));
  if (!files.every((file) => existsSync(file))) return;
  ownFolder(cacheRoot());
  ownFolder(join(cacheRoot(), 'netlists'));
  const { verilog, sources } = readNetlist(directory, stem);
  writeFileSync(noteOf({ verilog, sources }), '', { mode: 0o600 });
}

/** Whether this user's hcgs made a netlist from what it says. */
export function isOwnNetlist(netlist: StoredNetlist): boolean {
  const folder = join(cacheRoot(), 'netlists');
  const note = noteOf(netlist);
  if (!existsSync(note)) return false;
  return [cacheRoot(), folder, note].every((path) => isOwn(lstatSync(path)));
}

function noteOf({ verilog, sources }: StoredNetlist): string {
  return join(cacheRoot(), 'netlists', sha256(`${sources}\n${sha256(verilog)}`));
}
