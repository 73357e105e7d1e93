import type { VDeclaration, VGuard, VModule } from './ast.js';
import { layout, WIDTH } from './doc.js';
import { guardLabel } from './guards.js';
import { comment, trailing } from './print-comment.js';
import { bracketed, exprDoc, printExpr } from './print-expr.js';
import { locator, printItems } from './print-items.js';

/** Text of one module: Verilog-2005, one module per file, no implicit nets. `notice` stands above it. */
export function printModule(module: VModule, notice = ''): string {
  const lines = [
    ...(notice === '' ? [] : [...comment(notice, ''), '']),
    ...comment(module.doc, ''),
    ...locator(module, ''),
    '`default_nettype none',
    '',
    ...head(module),
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
  return lines.join('\n').replace(/\n{3,}/g, '\n\n');
}

function head({ name, parameters }: VModule): string[] {
  if (parameters.length === 0) return [`module ${name} (`];
  return [`module ${name} #(`, ...parameters.flatMap(parameter), ') ('];
}

function parameter(
  { name, value, doc }: VModule['parameters'][number],
  i: number,
  all: VModule['parameters'],
): string[] {
  const comma = i < all.length - 1 ? ',' : '';
  return [...comment(doc, '  '), `  parameter ${name} = ${printExpr(value)}${comma}`];
}

/** A condition instantiates a module that does not exist: its name is the message. */
function ranges(guards: readonly VGuard[]): string[] {
  if (guards.length === 0) return [];
  return [
    ...comment('Out of range, elaboration stops at a module that does not exist.', '  '),
    '  generate',
    ...guards.flatMap(({ test, message }) => {
      const head = ['if ', bracketed('(', exprDoc(test), ')'), ` begin : ${guardLabel(message)}`];
      const [first, ...more] = layout(head, 4);
      return [`    ${first}`, ...more, `      ${message} parameter_error ();`, '    end'];
    }),
    '  endgenerate',
  ];
}

/** Ports in columns. Comments stand behind them, or, where one has no room there, all of them above. */
function ports(declarations: readonly VDeclaration[]): string[] {
  const columns = [
    declarations.map((d) => d.storage),
    declarations.map((d) => (d.signed ? 'signed' : '')),
    declarations.map((d) => (d.high === null ? '' : `[${printExpr(d.high)}:0]`)),
    declarations.map((d, i) => `${d.name}${i < declarations.length - 1 ? ',' : ''}`),
  ].map(padded);
  const lines = declarations.map((_, i) => ['', ...columns.flatMap((c) => c[i] ?? [])].join(' '));
  const behind = lines.map((text, i) => {
    const { doc } = declarations[i] as VDeclaration;
    return ` ${text}${trailing(doc)}`.trimEnd();
  });
  if (behind.every((text) => text.length <= WIDTH)) return behind;
  return declarations.flatMap(({ doc }, i) => [...comment(doc, '  '), ` ${lines[i]}`.trimEnd()]);
}

/** A column of texts with spaces behind them; none where all are empty. */
function padded(texts: readonly string[]): readonly (readonly string[])[] {
  const width = Math.max(...texts.map((text) => text.length));
  return texts.map((text) => (width === 0 ? [] : [text.padEnd(width)]));
}
