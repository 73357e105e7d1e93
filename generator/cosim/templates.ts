import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import { packageRoot } from '../base/package.js';

/** Renders a file of templates/; an unknown name in it is an error. */
export function render<Context extends object>(template: string, context: Context): string {
  const text = readFileSync(`${packageRoot}templates/${template}`, 'utf8');
  return Handlebars.compile<Context>(text, { noEscape: true, strict: true })(context);
}
