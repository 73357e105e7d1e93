import type { Node } from 'ts-morph';

/** Comments that speak to tools. */
const DIRECTIVE =
  /^(?:biome-|eslint|prettier-|@ts-|[cv]8 |istanbul |#?(?:end)?region\b|<reference)/;

/** The text of the comment directly above a node: JSDoc up to its first tag, or lines of `//`. */
export function leadingText(node: Node): string {
  const source = node.getSourceFile().getFullText();
  const kept: string[] = [];
  let next = node.getStart();
  for (const range of [...node.getLeadingCommentRanges()].reverse()) {
    // a blank line: it belongs to something else
    if (/\n[^\S\n]*\n/.test(source.slice(range.getEnd(), next))) break;
    kept.unshift(textOf(range.getText()));
    next = range.getPos();
  }
  return kept.filter((text) => text !== '' && !DIRECTIVE.test(text)).join(' ');
}

function textOf(comment: string): string {
  const lines = comment
    .replace(/^\/\*+|\*+\/$|^\/\/+/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\*\s?/, '').trim());
  const tag = lines.findIndex((line) => /^@(?!ts-)\w/.test(line));
  return (tag === -1 ? lines : lines.slice(0, tag)).join(' ').replace(/\s+/g, ' ').trim();
}
