import { readFileSync } from 'node:fs';
import { packageRoot } from '../../base/package.js';

/** Modules of the viewer, each after those that it imports. */
const MODULES = [
  'inflate.js',
  'map-data.js',
  'map-paint.js',
  'map-view.js',
  'map-elements.js',
  'map.js',
];
const IMPORT = /^import (?:\{[^}]*\}|\* as (\w+)) from '\.\/([\w-]+\.js)';$/gm;

/**
 * The viewer of sparsity maps as one classic script without imports, for a page that is a single file: it defines `attachMap`
 * (templates/report/map.js) and no other name.
 */
export function mapScript(): string {
  const modules = MODULES.map((name) => {
    const text = readFileSync(`${packageRoot}templates/report/${name}`, 'utf8');
    return { name, text, exported: exportsOf(text) };
  });
  const bodies = modules.map(({ text }) =>
    text
      .replace(IMPORT, (_, all: string | undefined, from: string) => {
        if (all === undefined) return '';
        const names = modules.find(({ name }) => name === from)?.exported ?? [];
        return `const ${all} = { ${names.join(', ')} };`;
      })
      .replace(/^export /gm, ''),
  );
  return `const attachMap = (() => {\n'use strict';\n${bodies.join('\n')}\nreturn attachMap;\n})();\n`;
}

/** The style sheet of the viewer. */
export function mapStyle(): string {
  return readFileSync(`${packageRoot}templates/report/map.css`, 'utf8');
}

function exportsOf(text: string): readonly string[] {
  return [...text.matchAll(/^export (?:function|const) (\w+)/gm)].map(([, name]) => name as string);
}
