import { createRequire } from 'node:module';
import type { CallExpression, SourceFile } from 'ts-morph';
import { leadingText } from './leading-text.js';

/** What the source says of a declaration: the name it is bound to, and the comment above it. */
export interface Binding {
  readonly name: string;
  /** Empty where there is none. */
  readonly doc: string;
}

/** Bindings of one file by `line:column` of the declaring method's name, counted from 1. */
export type Bindings = Readonly<Record<string, Binding>>;

/** Methods of a scope that declare something with a name of its own. */
const DECLARING = /\.\s*(?:wire|net|reg|local)\s*(?:<[^()]*>)?\(/;
const METHODS = new Set(['wire', 'net', 'reg', 'local']);

/** Whether a text can declare anything. */
export function declares(text: string): boolean {
  return DECLARING.test(text);
}

type Morph = typeof import('ts-morph');
let morph: Morph | undefined;

/** Loaded where a source has to be read: the compiler inside takes half a second. */
function loaded(): Morph {
  morph ??= createRequire(import.meta.url)('ts-morph') as Morph;
  return morph;
}

/**
 * Bindings of the declarations in a TypeScript or JavaScript text: `const total = m.wire(…)` and `{ total: m.wire(…) }`,
 * through `as`, `satisfies`, `!` and parentheses. What is bound in another way, or not at all, is not among them.
 * Only the syntax is looked at; nothing is run.
 * @throws Error where ts-morph is not installed.
 */
export function bindingsOf(text: string): Bindings {
  if (!declares(text)) return {};
  const { Project, SyntaxKind } = loaded();
  const project = new Project({
    useInMemoryFileSystem: true,
    skipFileDependencyResolution: true,
    skipLoadingLibFiles: true,
    compilerOptions: { allowJs: true, noLib: true },
  });
  const file = project.createSourceFile('source.ts', text);
  const found = file
    .getDescendantsOfKind(SyntaxKind.CallExpression)
    .flatMap((call) => bindingOf(call, file));
  return Object.fromEntries(found);
}

function bindingOf(
  call: CallExpression,
  file: SourceFile,
): readonly (readonly [string, Binding])[] {
  const { Node } = loaded();
  const callee = call.getExpression();
  if (!Node.isPropertyAccessExpression(callee) || !METHODS.has(callee.getName())) return [];
  const bound = boundTo(call);
  if (bound === null) return [];
  const { line, column } = file.getLineAndColumnAtPos(callee.getNameNode().getStart());
  return [[`${line}:${column}`, bound]];
}

/** The variable, or the key of an object, whose value a call directly is. */
function boundTo(call: CallExpression): Binding | null {
  const { Node } = loaded();
  let parent = call.getParentOrThrow();
  while (
    Node.isAsExpression(parent) ||
    Node.isSatisfiesExpression(parent) ||
    Node.isNonNullExpression(parent) ||
    Node.isParenthesizedExpression(parent)
  ) {
    parent = parent.getParentOrThrow();
  }
  if (Node.isVariableDeclaration(parent)) {
    const name = parent.getNameNode();
    if (!Node.isIdentifier(name)) return null;
    const statement = parent.getVariableStatement();
    const first = statement?.getDeclarations()[0] === parent;
    return { name: name.getText(), doc: first && statement ? leadingText(statement) : '' };
  }
  if (Node.isPropertyAssignment(parent)) {
    const key = parent.getNameNode();
    if (!Node.isIdentifier(key)) return null;
    return { name: key.getText(), doc: leadingText(parent) };
  }
  return null;
}
