import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheRoot } from '../../base/cache-root.js';
import { PROBE, refuseStopped, runChild } from '../../base/child.js';
import { UserError } from '../../base/errors.js';
import { inCheckout } from '../../base/package.js';
import type { Source, ToolSpec } from '../../devices/tool.js';

/** A program that was found: what starts it, and its version as it says it. */
export interface Tool {
  readonly name: string;
  readonly command: string;
  /** Arguments before those of the caller. */
  readonly prefix: readonly string[];
  readonly version: string;
}

/** Where scripts/setup --flow puts the tools that Debian does not have. */
export function flowToolsFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheRoot(env), 'flow-tools', 'bin');
}

/** The tool, or null where there is none. @throws UserError TOOL_HANGS, TOOL_FLOODS, TOOL_KILLED */
export async function findTool(spec: ToolSpec, env = process.env): Promise<Tool | null> {
  for (const source of spec.sources) {
    const start = startOf(source, env);
    if (start === null) continue;
    // some say what they are and still end with an error
    const args = [...start.prefix, spec.versionArgument];
    const ended = await runChild({ command: start.command, args, ...PROBE });
    refuseStopped(ended);
    const said = spec.version.exec(ended.all);
    if (said !== null) return { name: spec.name, ...start, version: said[1] ?? 'unknown' };
  }
  return null;
}

/** @throws UserError TOOL_MISSING, naming the packages that have it */
export async function requireTool(spec: ToolSpec, env = process.env): Promise<Tool> {
  const tool = await findTool(spec, env);
  if (tool !== null) return tool;
  throw new UserError({
    code: 'TOOL_MISSING',
    message: `${spec.name} is not installed: ${spec.install}; ${inCheckout ? 'scripts/setup --flow installs all that hcgs synth uses' : 'hcgs doctor shows all that hcgs synth uses'}`,
    field: spec.name,
    expected: spec.name,
    got: 'no such program',
  });
}

/** What starts a tool from one of its sources; null where it is not there. */
export function startOf(
  source: Source,
  env: NodeJS.ProcessEnv,
): { readonly command: string; readonly prefix: readonly string[] } | null {
  if ('npm' in source) {
    if (!installed(source.npm)) return null;
    const runner = fileURLToPath(new URL('./wasm-tool.js', import.meta.url));
    return { command: process.execPath, prefix: [runner, source.npm, source.function] };
  }
  const command = programPath(source.program, env);
  return command === null ? null : { command, prefix: [] };
}

/** Path of a program in PATH or among the tools of scripts/setup --flow. */
export function programPath(name: string, env: NodeJS.ProcessEnv = process.env): string | null {
  const folders = [...(env.PATH ?? '').split(delimiter), flowToolsFolder(env)];
  const paths = folders.filter((folder) => folder !== '').map((folder) => join(folder, name));
  return paths.find((path) => existsSync(path)) ?? null;
}

function installed(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}
