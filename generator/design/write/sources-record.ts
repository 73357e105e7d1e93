import { sha256 } from './hash.js';

type Files = ReadonlyMap<string, string | Uint8Array>;

/** Hash of files by path: of what a netlist is made from. */
export function filesHash(files: Files): string {
  const lines = [...files].map(([path, content]) => `${path} ${sha256(content)}\n`);
  return sha256(lines.sort().join(''));
}

/**
 * A synthesis script that writes, beside its netlist, a hash of what it reads (`files`: their hash) and of itself.
 * `render` puts the hash into the script.
 */
export function recordedScript(files: string, render: (sources: string) => string): string {
  return render(sha256(files + render('')));
}

/** The hash that a synthesis script writes; null where it writes none. */
export function recordOf(script: string): string | null {
  return /^write_file \S+\.sources <<EOT\n([0-9a-f]{64})$/m.exec(script)?.[1] ?? null;
}
