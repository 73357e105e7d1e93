import { existsSync } from 'node:fs';
import type { z } from 'zod';
import { checkValue } from '../../base/check-value.js';
import { UserError } from '../../base/errors.js';
import { type ConfigType, compileConfig } from './config-types.js';

/** How an error about a file calls the whole of it. */
const EXPORT = { code: 'CONFIG_VALUE', whole: 'the default export' } as const;

/** What a `--config` file has to export. */
export interface ConfigKind<T> {
  /** Name of its type, as `generator/config-types.ts` exports it. */
  readonly type: ConfigType;
  /** What types cannot say: ranges of numbers. */
  readonly schema: z.ZodType<T>;
}

/**
 * Reads a `--config` file: TypeScript with a configuration of the given kind as default export. It is type-checked,
 * then executed. Throws UserError, with file:line where there is a line, for a type error, an exception in the
 * file, or a value that is no configuration.
 */
export async function readConfigFile<T>(file: string, kind: ConfigKind<T>): Promise<T> {
  if (!existsSync(file)) {
    throw new UserError({ code: 'FILE_MISSING', message: `${file}: there is no such file`, file });
  }
  const javascript = await compileConfig(file, kind.type);
  return checkValue(await execute(javascript, file), file, kind.schema, EXPORT);
}

async function execute(javascript: string, file: string): Promise<unknown> {
  const url = `data:text/javascript;base64,${Buffer.from(javascript).toString('base64')}`;
  try {
    const module = (await import(url)) as { readonly default?: unknown };
    return module.default;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      { code: 'CONFIG_FAILED', message: `${file}: running it failed: ${reason}`, file },
      { cause: error },
    );
  }
}
