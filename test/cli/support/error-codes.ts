import { relative, resolve } from 'node:path';
import { type BinaryExpression, Node, Project, type SourceFile, SyntaxKind } from 'ts-morph';

/** A code of an error as the sources have it, or text of what stands for one and is not understood. */
export interface FoundCode {
  readonly code: string;
  /** `file:line` below generator/. */
  readonly place: string;
}

export interface ErrorCodes {
  readonly found: readonly FoundCode[];
  /** Values of codes that are no literal and no `code` handed on: by these a code could stay unseen. */
  readonly obscure: readonly FoundCode[];
}

/** What an error code looks like: upper case, as zod's own and those of data types are not. */
const CODE = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;

/**
 * Every code of an error in generator/, by one rule: a code stands where something is called `code`: a property, a
 * parameter, a variable, a member of a tuple. Each value that is put there is a literal (or a choice of literals), or
 * something called `code` itself; what is neither is obscure. `own`: folders that are left out.
 */
export function errorCodes(own: readonly string[]): ErrorCodes {
  const root = resolve('generator');
  const project = new Project({ tsConfigFilePath: 'tsconfig.json' });
  const pathOf = (file: SourceFile) => relative(root, file.getFilePath());
  const files = project
    .getSourceFiles()
    .filter((file) => !pathOf(file).startsWith('..'))
    .filter((file) => !own.some((folder) => pathOf(file).startsWith(folder)));
  const found: FoundCode[] = [];
  const obscure: FoundCode[] = [];
  for (const value of files.flatMap(codeValues)) {
    const place = `${pathOf(value.getSourceFile())}:${value.getStartLineNumber()}`;
    const codes = literalsOf(value);
    if (codes !== null) {
      found.push(...codes.filter((code) => CODE.test(code)).map((code) => ({ code, place })));
    } else if (!isCode(value)) obscure.push({ code: value.getText(), place });
  }
  return { found, obscure };
}

/** Every value of a file that is put where something is called `code`. */
function codeValues(file: SourceFile): readonly Node[] {
  return file.getDescendants().flatMap((node): readonly Node[] => {
    if (Node.isPropertyAssignment(node) && node.getName() === 'code') {
      return branches(node.getInitializer());
    }
    if (Node.isVariableDeclaration(node)) {
      const name = node.getNameNode();
      if (node.getName() === 'code') return branches(node.getInitializer());
      return Node.isArrayBindingPattern(name) ? destructured(node.getInitializer(), name) : [];
    }
    if (Node.isParameterDeclaration(node) || Node.isBindingElement(node)) {
      return node.getName() === 'code' ? branches(node.getInitializer()) : [];
    }
    if (Node.isArrayLiteralExpression(node)) return ofTuple(node);
    if (Node.isBinaryExpression(node)) return assigned(node);
    return Node.isCallExpression(node) || Node.isNewExpression(node) ? handed(node) : [];
  });
}

/** The values that an expression chooses from. */
function branches(value: Node | undefined): readonly Node[] {
  if (value === undefined) return [];
  if (Node.isConditionalExpression(value)) {
    return [value.getWhenTrue(), value.getWhenFalse()].flatMap(branches);
  }
  if (Node.isParenthesizedExpression(value) || Node.isAsExpression(value)) {
    return branches(value.getExpression());
  }
  if (Node.isBinaryExpression(value) && /^(\?\?|\|\|)$/.test(value.getOperatorToken().getText())) {
    return [value.getLeft(), value.getRight()].flatMap(branches);
  }
  return [value];
}

/** `const [code, what] = hangs ? ['A', ...] : ['B', ...]`. */
function destructured(value: Node | undefined, pattern: Node): readonly Node[] {
  const at = pattern.asKindOrThrow(SyntaxKind.ArrayBindingPattern).getElements();
  const index = at.findIndex((one) => Node.isBindingElement(one) && one.getName() === 'code');
  if (index === -1) return [];
  return branches(value).flatMap((choice) =>
    Node.isArrayLiteralExpression(choice) ? branches(choice.getElements()[index]) : [],
  );
}

/** `code = 'A'`, `error.code = 'A'`. */
function assigned(node: BinaryExpression): readonly Node[] {
  const ends = node.getOperatorToken().getText() === '=';
  return ends && isCode(node.getLeft()) ? branches(node.getRight()) : [];
}

/** Members of a tuple whose type calls them `code`. */
function ofTuple(list: Node): readonly Node[] {
  const literal = list.asKindOrThrow(SyntaxKind.ArrayLiteralExpression);
  const labels = literal.getContextualType()?.getTargetType()?.compilerType as
    | {
        readonly labeledElementDeclarations?: readonly (
          | { name?: { getText(): string } }
          | undefined
        )[];
      }
    | undefined;
  const index = labels?.labeledElementDeclarations?.findIndex((l) => l?.name?.getText() === 'code');
  return index === undefined || index < 0 ? [] : branches(literal.getElements()[index]);
}

/** Arguments for parameters called `code`. */
function handed(call: Node): readonly Node[] {
  if (!Node.isCallExpression(call) && !Node.isNewExpression(call)) return [];
  const checker = call.getProject().getTypeChecker().compilerObject;
  const signature = checker.getResolvedSignature(call.compilerNode);
  const at = signature?.getParameters().findIndex((one) => one.getName() === 'code') ?? -1;
  if (at < 0) return [];
  const given = call.getArguments().slice(0, at + 1);
  // what a spread puts there is not seen
  const spread = given.find((argument) => Node.isSpreadElement(argument));
  return spread === undefined ? branches(given[at]) : [spread];
}

/** The texts that a value can be, where its type says so; null: its type is any text. */
function literalsOf(value: Node): readonly string[] | null {
  const type = value.getType();
  const members = type.isUnion() ? type.getUnionTypes() : [type];
  const texts = members.filter((one) => one.isString() || one.isStringLiteral());
  if (texts.some((one) => !one.isStringLiteral())) return null;
  return texts.map((one) => one.getLiteralValue() as string);
}

/** Something that is called `code` itself. */
function isCode(value: Node): boolean {
  if (Node.isIdentifier(value)) return value.getText() === 'code';
  return Node.isPropertyAccessExpression(value) && value.getName() === 'code';
}
