import type { VDeclaration, VExpr, VItem, VStatement } from './ast.js';
import { type Doc, group, layout, line, nest } from './doc.js';
import { comment } from './print-comment.js';
import { bracketed, exprDoc, printExpr } from './print-expr.js';
import { memory } from './print-memory.js';

/** Lines of items; `nested`: inside a generate block, where the keyword must not be repeated. */
export function printItems(items: readonly VItem[], indent: string, nested = false): string[] {
  return items.flatMap((item, i) => {
    const lines = [...locator(item, indent), ...printItem(item, indent, nested)];
    const previous = items[i - 1];
    const apart = previous !== undefined && !together(previous, item);
    return apart ? ['', ...lines] : lines;
  });
}

/** Where the author wrote what follows, on a line of its own. */
export function locator({ locator }: { readonly locator?: string }, indent: string): string[] {
  return locator === undefined ? [] : [`${indent}// @[${locator}]`];
}

/** Whether two neighbours stand without a blank line between them: items of one group do. */
export function together(a: VItem, b: VItem): boolean {
  return family(a) === family(b) && family(b) !== '';
}

function family(item: VItem): string {
  if (item.kind === 'declare' || item.kind === 'assign') return 'wires';
  if (item.kind === 'local') return 'locals';
  return '';
}

function printItem(item: VItem, indent: string, nested: boolean): string[] {
  switch (item.kind) {
    case 'declare':
      return [
        ...comment(item.declaration.doc, indent),
        ...assignment(declared(item.declaration), ' =', item.value, indent),
      ];
    case 'local':
      return [
        ...comment(item.doc, indent),
        ...assignment(`localparam ${item.name}`, ' =', item.value, indent),
      ];
    case 'memory':
      return [...comment(item.doc, indent), ...memory(item, indent, nested)];
    case 'assign':
      return assignment(['assign ', exprDoc(item.target)], ' =', item.value, indent);
    case 'always':
      return [
        ...comment(item.doc, indent),
        `${indent}always @(posedge ${printExpr(item.clock)}) begin`,
        ...item.body.flatMap((s) => statement(s, `${indent}  `)),
        `${indent}end`,
      ];
    case 'for': {
      const { variable: v } = item;
      const rounds = [
        `${v} = 0;`,
        line,
        `${v} < `,
        exprDoc(item.count),
        ';',
        line,
        `${v} = ${v} + 1`,
      ];
      const head = ['for ', bracketed('(', rounds, ')'), ` begin : ${item.label}`];
      const inner = (at: string): string[] => printItems(item.items, at, true);
      return [`${indent}genvar ${v};`, ...generate(indent, nested, [[head, inner]])];
    }
    case 'if': {
      const { items, otherwise } = { items: item.then, otherwise: item.otherwise };
      const yes = ['if ', bracketed('(', exprDoc(item.test), ')'), ` begin : ${item.label}`];
      const no = `end else begin : ${item.otherwiseLabel}`;
      return generate(indent, nested, [
        [yes, (at) => printItems(items, at, true)],
        ...(otherwise.length === 0
          ? []
          : [[no, (at: string) => printItems(otherwise, at, true)] as const]),
      ]);
    }
    case 'instance':
      return instance(item, indent);
    case 'comment':
      return comment(item.text, indent);
  }
}

function declared(d: VDeclaration): Doc {
  const words = [d.storage, ...(d.signed ? ['signed'] : [])].join(' ');
  const range = d.high === null ? '' : bracketed(' [', [exprDoc(d.high), ':0'], ']');
  return [words, range, ' ', d.name];
}

/** `target = value;`; a value that does not fit behind it begins on the next line. */
function assignment(target: Doc, sign: string, value: VExpr | null, indent: string): string[] {
  const to = value === null ? '' : [sign, group(nest(line, group(exprDoc(value))))];
  return at(indent, layout([target, to, ';'], indent.length));
}

/** Blocks of a generate construct: the line that opens each, and what stands inside at an indentation. */
function generate(
  indent: string,
  nested: boolean,
  blocks: readonly (readonly [Doc, (indent: string) => string[]])[],
): string[] {
  const inner = nested ? indent : `${indent}  `;
  const body = [
    ...blocks.flatMap(([head, items]) => [
      ...at(inner, layout(head, inner.length)),
      ...items(`${inner}  `),
    ]),
    `${inner}end`,
  ];
  return nested ? body : [`${indent}generate`, ...body, `${indent}endgenerate`];
}

function instance(item: Extract<VItem, { kind: 'instance' }>, indent: string): string[] {
  const { module, name, parameters } = item;
  return [
    ...(parameters.length === 0
      ? [`${indent}${module} ${name} (`]
      : [`${indent}${module} #(`, ...bindings(parameters, `${indent}  `), `${indent}) ${name} (`]),
    ...bindings(item.ports, `${indent}  `),
    `${indent});`,
  ];
}

function bindings(entries: readonly (readonly [string, VExpr])[], indent: string): string[] {
  const longest = Math.max(0, ...entries.map(([name]) => name.length));
  return entries.flatMap(([name, value], i) => {
    const comma = i < entries.length - 1 ? ',' : '';
    const doc = [`.${name.padEnd(longest)} `, bracketed('(', exprDoc(value), ')'), comma];
    return at(indent, layout(doc, indent.length));
  });
}

function statement(s: VStatement, indent: string): string[] {
  if (s.kind === 'set') return assignment(exprDoc(s.target), ' <=', s.value, indent);
  const lines = [
    ...condition('if ', s.test, indent),
    ...s.then.flatMap((t) => statement(t, `${indent}  `)),
  ];
  let rest = s.otherwise;
  while (rest.length === 1 && rest[0]?.kind === 'when') {
    const next = rest[0];
    lines.push(...condition('end else if ', next.test, indent));
    lines.push(...next.then.flatMap((t) => statement(t, `${indent}  `)));
    rest = next.otherwise;
  }
  if (rest.length > 0) {
    lines.push(`${indent}end else begin`, ...rest.flatMap((t) => statement(t, `${indent}  `)));
  }
  return [...lines, `${indent}end`];
}

function condition(words: string, test: VExpr, indent: string): readonly string[] {
  const doc = [words, bracketed('(', exprDoc(test), ')'), ' begin'];
  return at(indent, layout(doc, indent.length));
}

/** The first of some lines at an indentation; the others have theirs. */
function at(indent: string, lines: readonly string[]): string[] {
  return lines.map((text, i) => (i === 0 ? `${indent}${text}` : text));
}
