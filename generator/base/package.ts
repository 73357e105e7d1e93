import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Root of this package: the folder of package.json, templates/, tb/ and dist/. */
export const packageRoot = fileURLToPath(new URL('../../', import.meta.url));

/** Version of this program, as package.json states it. */
export const toolVersion: string = (
  JSON.parse(readFileSync(`${packageRoot}package.json`, 'utf8')) as { readonly version: string }
).version;

/** Whether this is a checkout, which has `scripts/setup` to install tools with; the package has no scripts. */
export const inCheckout: boolean = existsSync(`${packageRoot}scripts/setup`);
