import { existsSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import type { Diagnostic, Project, SourceFile } from 'ts-morph';
import { UserError } from '../../base/errors.js';
import { packageRoot } from '../../base/package.js';

/** Types of this program that a configuration can have. */
export type ConfigType = 'DesignConfig' | 'CompressConfig' | 'SweepSpace';

/** Names of configuration files: TypeScript, which is checked against its type, and JavaScript, whose values are. */
const TYPED = ['.ts', '.mts'];
const UNTYPED = ['.js', '.mjs'];

/** Node's own modules and globals, whose types a user need not have installed. */
const NODE = `declare module 'node:*';
declare const process: any;
declare const console: any;
declare const Buffer: any;
declare const URL: any;
`;

/**
 * Type-checks a configuration file of TypeScript against a type of this program, whether or not the file says which type its
 * default export has, and returns it, or one of JavaScript, as a module in JavaScript. Throws UserError with file:line.
 */
export async function compileConfig(file: string, type: ConfigType): Promise<string> {
  const ending = extname(file).toLowerCase();
  if (![...TYPED, ...UNTYPED].includes(ending)) throw refusedKind(file, ending);
  // loaded here: the compiler takes a good part of a second, and only this option needs it
  const { ModuleKind, ModuleResolutionKind, Project, ScriptTarget } = await import('ts-morph');
  const project = new Project({
    compilerOptions: {
      strict: true,
      target: ScriptTarget.ES2022,
      module: ModuleKind.ESNext,
      moduleResolution: ModuleResolutionKind.Bundler,
      skipLibCheck: true,
      lib: ['lib.es2022.d.ts'],
      types: [],
      allowJs: true,
      paths: { hcgs: [publicTypes()] },
    },
  });
  const source = project.addSourceFileAtPath(resolve(file));
  if (UNTYPED.includes(ending)) return javascriptOf(project, source, file);
  project.createSourceFile(join(dirname(resolve(file)), '__hcgs_node.d.ts'), NODE);
  failOn(source.getPreEmitDiagnostics(), file, lineOf);
  const check = project.createSourceFile(
    join(dirname(resolve(file)), '__hcgs_check.ts'),
    `import type { ${type} } from 'hcgs';
import config from ${JSON.stringify(resolve(file).replace(/ts$/i, 'js'))};
export const checked: ${type} = config;
`,
  );
  // an error there is about the default export, wherever that is
  failOn(check.getPreEmitDiagnostics(), file, () => exportLine(source));
  return javascriptOf(project, source, file);
}

/** The module as it runs. */
function javascriptOf(project: Project, source: SourceFile, file: string): string {
  failOn(project.getProgram().getSyntacticDiagnostics(source), file, lineOf);
  const text = source.getEmitOutput().getOutputFiles()[0]?.getText() ?? source.getFullText();
  refuseImports(project.createSourceFile('__hcgs_emitted.js', text), source, file);
  return text;
}

function refusedKind(file: string, ending: string): UserError {
  const kinds = [...TYPED, ...UNTYPED];
  const expected = `${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1)}, with a default export`;
  const got = ending === '' ? 'a name without an ending' : ending;
  return new UserError({
    code: 'CONFIG_KIND',
    message: `${file}: a configuration is a module in a file that ends in ${expected}, not ${got}`,
    file,
    expected,
    got,
  });
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
  const modulesOf = (file: SourceFile) =>
    [...file.getImportDeclarations(), ...file.getExportDeclarations()].flatMap((d) => {
      const name = d.getModuleSpecifierValue();
      return name === undefined ? [] : [{ name, line: d.getStartLineNumber() }];
    });
  const name = modulesOf(emitted).find((one) => !one.name.startsWith('node:'))?.name;
  if (name === undefined) return;
  const line = modulesOf(source).find((one) => one.name === name)?.line;
  throw new UserError({
    code: 'CONFIG_IMPORT',
    message: `${file}:${line ?? 1}: a configuration can import types and Node's own modules, not '${name}'`,
    file,
    got: name,
  });
}
