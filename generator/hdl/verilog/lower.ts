import type { Expr } from '../expr.js';
import { type Int, int } from '../int.js';
import type { Item, Module, Statement, TextValue, Type } from '../module.js';
import { holds } from '../relation.js';
import type { VDeclaration, VExpr, VItem, VItemBody, VModule, VStatement } from './ast.js';
import { guards } from './guards.js';
import { lowerExpr } from './lower-expr.js';
import { lowerInt, number } from './lower-int.js';

/** A module to the Verilog AST; pure. Output ports set in an always block become registers. */
export function lowerModule(module: Module): VModule {
  const registers = new Set(clockedTargets(module.items));
  return {
    name: module.name,
    doc: module.doc,
    site: module.site,
    parameters: Object.entries(module.parameters).map(([name, p]) => ({
      name,
      doc: p.doc,
      value: p.kind === 'text' ? { kind: 'string', text: p.value } : number(p.value),
    })),
    ports: Object.entries(module.ports).map(([name, port]) =>
      declaration(
        `${port.direction} ${port.direction === 'output' && registers.has(name) ? 'reg' : 'wire'}`,
        name,
        port.type,
        port.doc,
      ),
    ),
    guards: guards(module),
    items: module.items.map(lowerItem),
  };
}

/** Visits every item, those inside generate blocks too. */
export function walk(items: readonly Item[], visit: (item: Item) => void): void {
  for (const item of items) {
    visit(item);
    if (item.kind === 'for') walk(item.items, visit);
    if (item.kind === 'if') walk([...item.then, ...item.otherwise], visit);
  }
}

/** Whether the generate condition holds under given parameters. */
export function chosen(
  { a, op, b }: Extract<Item, { kind: 'if' }>,
  at: (name: string) => number,
): boolean {
  return holds(a.evaluate(at), op, b.evaluate(at));
}

/** Names of the signals that always blocks set. */
export function clockedTargets(items: readonly Item[]): string[] {
  const names: string[] = [];
  const visit = (s: Statement): void => {
    if (s.kind === 'set') names.push(targetName(s.target));
    else [...s.then, ...s.otherwise].forEach(visit);
  };
  walk(items, (item) => {
    if (item.kind === 'always') item.body.forEach(visit);
  });
  return names;
}

export function targetName(target: Expr): string {
  const { node } = target;
  if (node.kind === 'name' || node.kind === 'part' || node.kind === 'select') return node.name;
  return node.kind === 'cast' ? targetName(node.a) : '';
}

function declaration(storage: string, name: string, type: Type, doc: string): VDeclaration {
  return { storage, name, doc, signed: type.sign === 's', high: high(type.width) };
}

function high(width: Int): VExpr | null {
  return width.equals(1) ? null : lowerInt(width.minus(int(1)));
}

function lowerItem(item: Item): VItem {
  return { ...lowerBody(item), site: item.site };
}

function lowerBody(item: Item): VItemBody {
  const { site } = item;
  const value = (e: Expr): VExpr => lowerExpr(e, { site, direct: true });
  switch (item.kind) {
    case 'signal':
      return {
        kind: 'declare',
        declaration: declaration(item.storage, item.name, item.type, item.doc),
        value: item.value === null ? null : value(item.value),
      };
    case 'local':
      return { kind: 'local', name: item.name, value: lowerInt(item.value), doc: item.doc };
    case 'memory':
      return {
        kind: 'memory',
        name: item.name,
        high: lowerInt(item.width.minus(1)),
        depth: lowerInt(item.depth),
        last: lowerInt(item.depth.minus(1)),
        clear: { kind: 'repeat', count: lowerInt(item.width), a: { kind: 'number', text: "1'b0" } },
        ...memoryNames(item.name),
        image: item.image,
        ...(item.unset && { unset: item.unset }),
        doc: item.doc,
      };
    case 'assign':
      return { kind: 'assign', target: lowerTarget(item.target, site), value: value(item.value) };
    case 'always':
      return {
        kind: 'always',
        clock: lowerExpr(item.clock, { site }),
        body: item.body.map(lowerStatement),
        doc: item.doc,
      };
    case 'for':
      return {
        kind: 'for',
        variable: item.variable,
        count: lowerInt(item.count),
        label: item.label,
        items: item.items.map(lowerItem),
      };
    case 'if':
      return {
        kind: 'if',
        test: { kind: 'binary', op: item.op, a: lowerInt(item.a), b: lowerInt(item.b) },
        label: item.label,
        otherwiseLabel: item.otherwiseLabel,
        then: item.then.map(lowerItem),
        otherwise: item.otherwise.map(lowerItem),
      };
    case 'instance':
      return {
        kind: 'instance',
        module: item.module.name,
        name: item.name,
        parameters: Object.entries(item.parameters).map(
          ([k, v]) => [k, lowerParameter(v)] as const,
        ),
        // A port that is left open is complained about elsewhere.
        ports: Object.keys(item.module.ports).flatMap((k) => {
          const port = item.ports[k];
          return port === undefined ? [] : [[k, lowerTarget(port, site)] as const];
        }),
      };
    case 'unused': {
      const zero: VExpr = { kind: 'number', text: "1'b0" };
      const parts = [zero, ...item.values.map((v) => lowerExpr(v, { site })), zero];
      return {
        kind: 'declare',
        declaration: { storage: 'wire', signed: false, high: null, name: item.name, doc: '' },
        value: { kind: 'unary', op: '&', a: { kind: 'concat', parts } },
      };
    }
    case 'comment':
      return item;
  }
}

/** The text parameters that a memory's image depends on. */
export function imageParameters({ image }: Extract<Item, { kind: 'memory' }>): readonly string[] {
  if (image === null) return [];
  return image.folder === null ? [image.file] : [image.folder, image.file];
}

/** Path of a memory's image under given text parameters; null: all words are zero. */
export function imageOf(
  { image }: Extract<Item, { kind: 'memory' }>,
  at: (name: string) => string,
): string | null {
  if (image === null || at(image.file) === '') return null;
  return `${image.folder === null ? '' : at(image.folder)}${at(image.file)}`;
}

/** Counter of the loop that clears a memory, the blocks that load its image, and the one that does not. */
export function memoryNames(name: string) {
  return {
    index: `${name}_index`,
    label: `g_${name}_image`,
    inFolderLabel: `g_${name}_image_in_folder`,
    otherwiseLabel: `g_${name}_clear`,
  };
}

function lowerParameter(value: Int | TextValue): VExpr {
  if ('parameter' in value) return { kind: 'name', name: value.parameter };
  if ('text' in value) return { kind: 'string', text: value.text };
  return lowerInt(value);
}

/** A target or a port connection: casts are dropped, bits are bits. */
function lowerTarget(target: Expr, site: string): VExpr {
  return target.node.kind === 'cast'
    ? lowerTarget(target.node.a, site)
    : lowerExpr(target, { site });
}

function lowerStatement(statement: Statement): VStatement {
  const { site } = statement;
  if (statement.kind === 'set') {
    return {
      kind: 'set',
      target: lowerTarget(statement.target, site),
      value: lowerExpr(statement.value, { site, direct: true }),
    };
  }
  return {
    kind: 'when',
    test: lowerExpr(statement.test, { site }),
    then: statement.then.map(lowerStatement),
    otherwise: statement.otherwise.map(lowerStatement),
  };
}
