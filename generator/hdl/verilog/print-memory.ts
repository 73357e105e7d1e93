import type { VItem } from './ast.js';
import { printExpr } from './print-expr.js';

/** A memory, and what it holds at start: its image, zeros, or nothing that is known. */
export function memory(
  item: Extract<VItem, { kind: 'memory' }>,
  indent: string,
  nested: boolean,
): string[] {
  const { name, image, index: i } = item;
  const declaration = `${indent}reg [${printExpr(item.high)}:0] ${name}[0:${printExpr(item.last)}];`;
  if (item.unset) return [declaration];
  const clear = [
    `integer ${i};`,
    'initial begin',
    `  for (${i} = 0; ${i} < ${printExpr(item.depth)}; ${i} = ${i} + 1) begin`,
    `    ${name}[${i}] = ${printExpr(item.clear)};`,
    '  end',
    'end',
  ];
  const by = (prefix: string, lines: readonly string[]) => lines.map((text) => `${prefix}${text}`);
  if (image === null) return [declaration, '', ...by(indent, clear)];
  const { file, folder } = image;
  const load =
    folder === null
      ? [
          `if (${file} != "") begin : ${item.label}`,
          `  initial $readmemh(${file}, ${name});`,
          `end else begin : ${item.otherwiseLabel}`,
          ...by('  ', clear),
          'end',
        ]
      : [
          `if (${file} == "") begin : ${item.otherwiseLabel}`,
          ...by('  ', clear),
          // an empty text in a concatenation is a character for some tools
          `end else if (${folder} == "") begin : ${item.label}`,
          `  initial $readmemh(${file}, ${name});`,
          `end else begin : ${item.inFolderLabel}`,
          `  initial $readmemh({${folder}, ${file}}, ${name});`,
          'end',
        ];
  if (nested) return [declaration, '', ...by(indent, load)];
  return [
    ...[declaration, ''],
    ...[`${indent}generate`, ...by(`${indent}  `, load), `${indent}endgenerate`],
  ];
}
