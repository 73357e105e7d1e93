import type { VDeclaration, VGuard, VItem, VModule, VStatement } from './ast.js';
import { printExpr } from './print-expr.js';

/** Text of one module: Verilog-2005, one module per file, no implicit nets. */
export function printModule(module: VModule): string {
  const lines = [
    ...comment(module.doc, ''),
    ...locator(module, ''),
    '`default_nettype none',
    '',
    `module ${module.name} #(`,
    ...parameters(module),
    ') (',
    ...ports(module.ports),
    ');',
    '',
    ...ranges(module.guards),
    '',
    ...printItems(module.items, '  '),
    '',
    'endmodule',
    '',
    '`default_nettype wire',
    '',
  ];
  const text = lines.join('\n').replace(/\n{3,}/g, '\n\n');
  return module.parameters.length === 0 ? text.replace(/ #\(\n\) \(/, ' (') : text;
}

function parameters(module: VModule): string[] {
  return module.parameters.flatMap(({ name, value, doc }, i) => [
    ...comment(doc, '  '),
    `  parameter ${name} = ${printExpr(value)}${i < module.parameters.length - 1 ? ',' : ''}`,
  ]);
}

/** A condition instantiates a module that does not exist: its name is the message. */
function ranges(guards: readonly VGuard[]): string[] {
  if (guards.length === 0) return [];
  return [
    ...comment('Out of range, elaboration stops at a module that does not exist.', '  '),
    '  generate',
    ...guards.map((g) => `    if (${printExpr(g.test)}) ${g.message} parameter_error ();`),
    '  endgenerate',
  ];
}

function ports(declarations: readonly VDeclaration[]): string[] {
  const heads = declarations.map((d) => [d.storage, type(d)] as const);
  const storage = Math.max(...heads.map(([s]) => s.length));
  const range = Math.max(...heads.map(([, t]) => t.length));
  const names = Math.max(...declarations.map((d) => d.name.length)) + 1;
  return declarations.map((d, i) => {
    const [s, t] = heads[i] as readonly [string, string];
    const name = `${d.name}${i < declarations.length - 1 ? ',' : ''}`;
    const line = `  ${s.padEnd(storage)} ${t.padEnd(range)} ${name.padEnd(names)}`;
    return `${line}${d.doc === '' ? '' : ` // ${d.doc}`}`.trimEnd();
  });
}

function type(d: VDeclaration): string {
  const sign = d.signed ? 'signed ' : '';
  return `${sign}${d.high === null ? '' : `[${printExpr(d.high)}:0]`}`.trim();
}

/** `nested`: inside a generate block, where the keyword must not be repeated. */
function printItems(items: readonly VItem[], indent: string, nested = false): string[] {
  return items.flatMap((item, i) => {
    const lines = [...locator(item, indent), ...printItem(item, indent, nested)];
    const previous = items[i - 1];
    const apart = previous !== undefined && !together(previous, item);
    return apart && previous?.kind !== 'comment' ? ['', ...lines] : lines;
  });
}

/** Where the author wrote what follows, on a line of its own. */
function locator({ locator }: { readonly locator?: string }, indent: string): string[] {
  return locator === undefined ? [] : [`${indent}// @[${locator}]`];
}

/** Whether two neighbours stand without a blank line between them: items of one group do. */
export function together(a: VItem, b: VItem): boolean {
  return group(a) === group(b) && group(b) !== '';
}

function group(item: VItem): string {
  if (item.kind === 'declare' || item.kind === 'assign') return 'wires';
  if (item.kind === 'local') return 'locals';
  return '';
}

function printItem(item: VItem, indent: string, nested: boolean): string[] {
  switch (item.kind) {
    case 'declare': {
      const { declaration: d } = item;
      const head = [d.storage, type(d), d.name].filter((s) => s !== '').join(' ');
      const value = item.value === null ? '' : ` = ${printExpr(item.value)}`;
      return [...comment(d.doc, indent), `${indent}${head}${value};`];
    }
    case 'local':
      return [
        ...comment(item.doc, indent),
        `${indent}localparam ${item.name} = ${printExpr(item.value)};`,
      ];
    case 'memory':
      return memory(item, indent, nested);
    case 'assign':
      return [`${indent}assign ${printExpr(item.target)} = ${printExpr(item.value)};`];
    case 'always':
      return [
        ...comment(item.doc, indent),
        `${indent}always @(posedge ${printExpr(item.clock)}) begin`,
        ...item.body.flatMap((s) => statement(s, `${indent}  `)),
        `${indent}end`,
      ];
    case 'for': {
      const { variable: v } = item;
      const head = `for (${v} = 0; ${v} < ${printExpr(item.count)}; ${v} = ${v} + 1) begin : ${item.label}`;
      const body = [head, ...printItems(item.items, '  ', true), 'end'];
      return [`${indent}genvar ${v};`, ...generate(body, indent, nested)];
    }
    case 'if': {
      const body = [
        `if (${printExpr(item.test)}) begin : ${item.label}`,
        ...printItems(item.then, '  ', true),
        ...(item.otherwise.length === 0
          ? []
          : [`end else begin : ${item.otherwiseLabel}`, ...printItems(item.otherwise, '  ', true)]),
        'end',
      ];
      return generate(body, indent, nested);
    }
    case 'instance':
      return [
        `${indent}${item.module}${item.parameters.length === 0 ? '' : ' #('}`,
        ...bindings(item.parameters, `${indent}  `),
        `${indent}${item.parameters.length === 0 ? '' : ') '}${item.name} (`,
        ...bindings(item.ports, `${indent}  `),
        `${indent});`,
      ].flatMap((line, i, all) =>
        item.parameters.length === 0 && i === 0
          ? []
          : item.parameters.length === 0 && i === 1
            ? [`${all[0]} ${line.trim()}`]
            : [line],
      );
    case 'comment':
      return comment(item.text, indent);
  }
}

function generate(body: readonly string[], indent: string, nested: boolean): string[] {
  const at = (prefix: string) => (line: string) => (line === '' ? '' : `${prefix}${line}`);
  if (nested) return body.map(at(indent));
  return [`${indent}generate`, ...body.map(at(`${indent}  `)), `${indent}endgenerate`];
}

function memory(
  item: Extract<VItem, { kind: 'memory' }>,
  indent: string,
  nested: boolean,
): string[] {
  const high = printExpr(item.high);
  const depth = printExpr(item.depth);
  const head = [
    ...comment(item.doc, indent),
    `${indent}reg [${high}:0] ${item.name} [0:${printExpr(item.last)}];`,
    '',
  ];
  const i = item.index;
  const clear = [
    `integer ${i};`,
    'initial begin',
    `  for (${i} = 0; ${i} < ${depth}; ${i} = ${i} + 1) begin`,
    `    ${item.name}[${i}] = ${printExpr(item.clear)};`,
    '  end',
    'end',
  ];
  const at = (prefix: string) => (line: string) => `${prefix}${line}`;
  if (item.image === null) return [...head, ...clear.map(at(indent))];
  const load = [
    `if (${item.image} != "") begin : ${item.label}`,
    `  initial $readmemh(${item.image}, ${item.name});`,
    `end else begin : ${item.label}_else`,
    ...clear.map(at('  ')),
    'end',
  ];
  return [...head, ...generate(load, indent, nested)];
}

function bindings(
  entries: readonly (readonly [string, Parameters<typeof printExpr>[0]])[],
  indent: string,
): string[] {
  const longest = Math.max(0, ...entries.map(([name]) => name.length));
  return entries.map(
    ([name, value], i) =>
      `${indent}.${name.padEnd(longest)} (${printExpr(value)})${i < entries.length - 1 ? ',' : ''}`,
  );
}

function statement(s: VStatement, indent: string): string[] {
  if (s.kind === 'set') return [`${indent}${printExpr(s.target)} <= ${printExpr(s.value)};`];
  const lines = [
    `${indent}if (${printExpr(s.test)}) begin`,
    ...s.then.flatMap((t) => statement(t, `${indent}  `)),
  ];
  let rest = s.otherwise;
  while (rest.length === 1 && rest[0]?.kind === 'when') {
    const next = rest[0];
    lines.push(`${indent}end else if (${printExpr(next.test)}) begin`);
    lines.push(...next.then.flatMap((t) => statement(t, `${indent}  `)));
    rest = next.otherwise;
  }
  if (rest.length > 0) {
    lines.push(`${indent}end else begin`, ...rest.flatMap((t) => statement(t, `${indent}  `)));
  }
  return [...lines, `${indent}end`];
}

/** A doc text as line comments, wrapped at 100 columns. */
function comment(doc: string, indent: string): string[] {
  if (doc.trim() === '') return [];
  return doc
    .trim()
    .split('\n')
    .flatMap((paragraph) => wrapLine(paragraph.trim(), 96 - indent.length))
    .map((line) => `${indent}// ${line}`.trimEnd());
}

function wrapLine(line: string, width: number): string[] {
  const out = [''];
  for (const word of line.split(/\s+/)) {
    const last = out[out.length - 1] as string;
    if (last !== '' && last.length + 1 + word.length > width) out.push(word);
    else out[out.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return out;
}
