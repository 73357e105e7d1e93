import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Calls `use` with the path of a file that is there only meanwhile. */
export async function withFile<T>(
  name: string,
  text: string,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'hcgs-file-'));
  try {
    writeFileSync(join(folder, name), text);
    return await use(join(folder, name));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
