import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import { packageRoot } from '../../base/package.js';

/**
 * Renders templates/`template`. Templates are whole-file shells: no escaping, and an unknown name in one is
 * an error. `Context` is the template's own type.
 */
export function render<Context extends object>(template: string, context: Context): string {
  const text = readFileSync(`${packageRoot}templates/${template}`, 'utf8');
  return Handlebars.compile<Context>(text, { noEscape: true, strict: true })(context);
}
