import { relative, resolve } from 'node:path';
import { type Identifier, Node, Project, type SourceFile, SyntaxKind } from 'ts-morph';
import { describe, expect, test } from 'vitest';

const root = resolve('generator');

/** The folders of HCGS, and those that know any pattern. */
const KINDS = ['sparsity/hcgs/', 'accelerator/decoder/hcgs/'];
const ANY = ['sparsity/', 'accelerator/'];

/** Where HCGS may be named besides: the options by which a user states it. */
const OWN = [...KINDS, 'cli/options/'];

/** The imports from outside: the lines of the registries. */
const REGISTRIES = ['accelerator/decoder/registry.ts -> hcgs', 'sparsity/registry.ts -> HCGS'];

/** Folders where a property of these names is HCGS, whatever type declares it; but for blocks of hardware. */
const NETWORKS = /^(network|golden|design|cosim)\//;
const WORDS = /^(blocks|keep|levels|blocksPerRow|keptBlocks\w*)$/;
const OF_HARDWARE = ['design/files/asic-files.ts -> blocks'];

const project = new Project({ tsConfigFilePath: 'tsconfig.json' });
const sources = project.getSourceFiles().filter((file) => !pathOf(file).startsWith('..'));

function pathOf(file: SourceFile): string {
  return relative(root, file.getFilePath());
}

const isIn = (folders: readonly string[], file: SourceFile): boolean =>
  folders.some((folder) => pathOf(file).startsWith(folder));
const inKind = (node: Node): boolean => isIn(KINDS, node.getSourceFile());

/** Properties that only the data of HCGS has: those of its exported types, without those that every kind has. */
function ownProperties(): ReadonlySet<string> {
  const common = new Set<string>();
  const own = new Set<string>();
  for (const file of sources) {
    if (!isIn(ANY, file)) continue;
    const into = isIn(KINDS, file) ? own : common;
    for (const type of file.getInterfaces()) {
      for (const property of type.getProperties()) into.add(property.getName());
      for (const method of type.getMethods()) into.add(method.getName());
    }
  }
  return new Set([...own].filter((name) => !common.has(name)));
}

/** The property that a name reads, destructures or sets, if it is one. */
function propertyOf(name: Identifier): readonly Node[] {
  const parent = name.getParent();
  if (Node.isBindingElement(parent)) {
    if (name !== (parent.getPropertyNameNode() ?? parent.getNameNode())) return [];
    const type = parent.getParent().getType();
    return type.getProperty(name.getText())?.getDeclarations() ?? [];
  }
  if (Node.isPropertyAssignment(parent) || Node.isShorthandPropertyAssignment(parent)) {
    const type = parent.getParentIfKind(SyntaxKind.ObjectLiteralExpression)?.getContextualType();
    return type?.getProperty(name.getText())?.getDeclarations() ?? [];
  }
  if (Node.isPropertyAccessExpression(parent) && name === parent.getNameNode()) {
    return name.getSymbol()?.getDeclarations() ?? [];
  }
  return [];
}

const isProperty = (name: Identifier): boolean => {
  const parent = name.getParent();
  return (
    (Node.isPropertyAccessExpression(parent) && name === parent.getNameNode()) ||
    Node.isBindingElement(parent) ||
    Node.isPropertyAssignment(parent) ||
    Node.isShorthandPropertyAssignment(parent) ||
    Node.isPropertySignature(parent)
  );
};

/** `file -> name` for everything of HCGS that a file outside of its folders names. */
function namesOutside(): readonly string[] {
  const own = ownProperties();
  const hits = new Set<string>();
  for (const file of sources) {
    const path = pathOf(file);
    if (isIn(OWN, file)) continue;
    for (const declaration of [...file.getImportDeclarations(), ...file.getExportDeclarations()]) {
      const target = declaration.getModuleSpecifierSourceFile();
      if (target === undefined || !inKind(target)) continue;
      const names = Node.isImportDeclaration(declaration)
        ? declaration.getNamedImports()
        : declaration.getNamedExports();
      for (const name of names) hits.add(`${path} -> ${name.getName()}`);
      if (names.length === 0) hits.add(`${path} -> ${declaration.getModuleSpecifierValue()}`);
    }
    for (const name of file.getDescendantsOfKind(SyntaxKind.Identifier)) {
      const text = name.getText();
      const word = NETWORKS.test(path) && WORDS.test(text) && isProperty(name);
      if (word || (own.has(text) && propertyOf(name).some(inKind))) hits.add(`${path} -> ${text}`);
    }
  }
  return [...hits];
}

describe('patterns by kind', () => {
  const hits = namesOutside();

  test('the registries name HCGS, and nothing else of it than the member', () => {
    expect(hits.filter((hit) => /^(sparsity|accelerator)\//.test(hit)).sort()).toEqual(REGISTRIES);
  });

  test('options of patterns stand where options are read, in examples of the help, and in explanations', () => {
    const naming = sources
      .filter((file) => !isIn([...OWN, 'cli/explain/texts/'], file))
      .filter((file) => !/^sparsity\/\w+\//.test(pathOf(file)))
      .map((file) => [pathOf(file), file.getFullText().split('\n')] as const)
      .flatMap(([path, lines]) =>
        lines
          .filter((line) => /--(blocks|keep|rate|balance)(?![\w-])/.test(line))
          .map((line) => [path, line] as const),
      );
    for (const [path, line] of naming) {
      expect(path).toMatch(/^cli\/\w+\/\w+\.ts$/);
      expect(line).toMatch(/^ +\[?'(random|compress) /);
    }
  });

  test('no file outside of its folders names its blocks, kept counts or levels', () => {
    const allowed = [...REGISTRIES, ...OF_HARDWARE];
    expect(hits.filter((hit) => !allowed.includes(hit))).toEqual([]);
  });
});
