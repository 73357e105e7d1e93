import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Diagnostic, SourceFile } from 'ts-morph';
import { UserError } from '../../base/errors.js';
import { packageRoot } from '../../base/package.js';

/** Types of this program that a configuration can have. */
export type ConfigType = 'DesignConfig' | 'CompressConfig';

/**
 * Type-checks a configuration file against a type of this program, whether or not the file says which type its
 * default export has, and returns it as JavaScript. Throws UserError with file:line.
 */
export async function compileConfig(file: string, type: ConfigType): Promise<string> {
  // loaded here: the compiler takes a good part of a second, and only this option needs it
  const { ModuleKind, ModuleResolutionKind, Project, ScriptTarget } = await import('ts-morph');
  const project = new Project({
    compilerOptions: {
      strict: true,
      target: ScriptTarget.ES2022,
      module: ModuleKind.ESNext,
      moduleResolution: ModuleResolutionKind.Bundler,
      skipLibCheck: true,
      types: [],
      paths: { hcgs: [publicTypes()] },
    },
  });
  const source = project.addSourceFileAtPath(resolve(file));
  failOn(source.getPreEmitDiagnostics(), file, lineOf);
  const check = project.createSourceFile(
    join(dirname(resolve(file)), '__hcgs_check.ts'),
    `import type { ${type} } from 'hcgs';
import config from ${JSON.stringify(resolve(file).replace(/\.[cm]?ts$/, ''))};
export const checked: ${type} = config;
`,
  );
  // an error there is about the default export, wherever that is
  failOn(check.getPreEmitDiagnostics(), file, () => exportLine(source));
  const javascript = source.getEmitOutput().getOutputFiles()[0]?.getText() ?? '';
  refuseImports(project.createSourceFile('__hcgs_emitted.js', javascript), source, file);
  return javascript;
}

/** Where `import type { ... } from 'hcgs'` leads, also when the package is not installed there. */
function publicTypes(): string {
  const source = join(packageRoot, 'generator/config-types.ts');
  return existsSync(source) ? source : join(packageRoot, 'dist/config-types.d.ts');
}

/** All errors in one message: a person mends them together. */
function failOn(
  diagnostics: readonly Diagnostic[],
  file: string,
  line: (diagnostic: Diagnostic) => number,
): void {
  if (diagnostics.length === 0) return;
  const lines = diagnostics.map((d) => `${file}:${line(d)}: ${flatten(d.getMessageText())}`);
  const [message = '', ...details] = lines;
  throw new UserError({ code: 'CONFIG_TYPES', message, details, file });
}

function lineOf(diagnostic: Diagnostic): number {
  return diagnostic.getLineNumber() ?? 1;
}

function exportLine(source: SourceFile): number {
  return source.getExportAssignment(() => true)?.getStartLineNumber() ?? 1;
}

function flatten(message: ReturnType<Diagnostic['getMessageText']>): string {
  if (typeof message === 'string') return message;
  const next = message.getNext()?.map(flatten) ?? [];
  return [message.getMessageText(), ...next].join(' ');
}

/** The file runs by itself, without a place from which other files could be found. */
function refuseImports(emitted: SourceFile, source: SourceFile, file: string): void {
  const names = emitted.getImportDeclarations().map((d) => d.getModuleSpecifierValue());
  const name = names.find((specifier) => !specifier.startsWith('node:'));
  if (name === undefined) return;
  const line = source
    .getImportDeclaration((d) => d.getModuleSpecifierValue() === name)
    ?.getStartLineNumber();
  throw new UserError({
    code: 'CONFIG_IMPORT',
    message: `${file}:${line ?? 1}: a configuration can import types and Node's own modules, not '${name}'`,
    file,
    got: name,
  });
}
