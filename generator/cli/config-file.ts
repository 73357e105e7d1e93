import { existsSync } from 'node:fs';
import { UserError } from '../base/errors.js';
import { type DesignConfig, designConfigSchema } from '../design/config.js';
import { compileConfig } from './config-types.js';

/**
 * Reads a `--config` file: TypeScript with a `DesignConfig` as default export. It is type-checked, then
 * executed. Throws UserError, with file:line where there is a line, for a type error, an exception in the
 * file, or a value that is no configuration.
 */
export async function readConfigFile(file: string): Promise<DesignConfig> {
  if (!existsSync(file)) {
    throw new UserError({ code: 'FILE_MISSING', message: `${file}: there is no such file`, file });
  }
  const javascript = await compileConfig(file);
  return checkValue(await execute(javascript, file), file);
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

/** What the types cannot say: whole numbers, at least one. */
function checkValue(value: unknown, file: string): DesignConfig {
  const result = designConfigSchema.safeParse(value);
  if (result.success) return result.data as DesignConfig;
  const issue = result.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw new UserError({
    code: 'CONFIG_VALUE',
    message: `${file}: ${field === '' ? 'the default export' : field}: ${issue?.message}`,
    file,
    field,
  });
}
