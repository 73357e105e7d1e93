import { homedir } from 'node:os';
import path from 'node:path';

/** Directory for what can be made again: HCGS_CACHE, else `hcgs` in XDG_CACHE_HOME, else in ~/.cache. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  if (env.HCGS_CACHE) return path.resolve(env.HCGS_CACHE);
  return path.join(env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'hcgs');
}
