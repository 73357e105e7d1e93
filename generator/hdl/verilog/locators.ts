import { type SourceLine, sourceLine } from '../source/locator.js';
import { docAt } from '../source/naming.js';
import type { VItem, VModule } from './ast.js';

/** Items with their locators, and what was said last in them. */
interface Located {
  readonly items: readonly VItem[];
  readonly said: SourceLine | null;
}

/**
 * Puts the author's line above the module and above each block of it: an always block, an instance, a memory, a generate
 * block, and above the comment that goes with it. Declarations and assignments get one only where they come from another
 * file than what was said last. What was said last is not said again. A declaration without a text of its own gets the
 * author's comment above it.
 */
export function withLocators(module: VModule): VModule {
  const source = sourceLine(module.site);
  const { items } = located(module.items, source);
  return source === null ? { ...module, items } : { ...module, locator: text(source), items };
}

function located(items: readonly VItem[], before: SourceLine | null): Located {
  let said = before;
  const all = items.map((item): VItem => {
    const source = item.kind === 'comment' ? null : sourceLine(item.site);
    const says =
      source !== null &&
      (isBlock(item) ? said === null || text(source) !== text(said) : source.path !== said?.path);
    if (says) said = source;
    const inner = withInner(withDoc(item), said);
    said = inner.said;
    return says ? { ...inner.item, locator: text(source) } : inner.item;
  });
  return { items: all.map((item, i) => aboveComment(item, all[i - 1], all[i + 1])), said };
}

/** What a reader looks up as one thing; the others are lines of the block they stand in. */
function isBlock({ kind }: VItem): boolean {
  return kind !== 'declare' && kind !== 'assign' && kind !== 'local' && kind !== 'comment';
}

/** What a comment speaks of has its locator above the comment. */
function aboveComment(item: VItem, before: VItem | undefined, after: VItem | undefined): VItem {
  if (item.kind === 'comment' && after?.locator !== undefined) {
    return { ...item, locator: after.locator };
  }
  if (before?.kind !== 'comment') return item;
  const { locator: _, ...rest } = item;
  return rest;
}

function withDoc(item: VItem): VItem {
  if (item.kind === 'local') return { ...item, doc: item.doc || docAt(item.site) };
  if (item.kind !== 'declare') return item;
  const { declaration } = item;
  return { ...item, declaration: { ...declaration, doc: declaration.doc || docAt(item.site) } };
}

function withInner(
  item: VItem,
  said: SourceLine | null,
): { readonly item: VItem; readonly said: SourceLine | null } {
  if (item.kind === 'for') {
    const inner = located(item.items, said);
    return { item: { ...item, items: inner.items }, said: inner.said };
  }
  if (item.kind !== 'if') return { item, said };
  const then = located(item.then, said);
  const otherwise = located(item.otherwise, then.said);
  return { item: { ...item, then: then.items, otherwise: otherwise.items }, said: otherwise.said };
}

function text({ path, line }: SourceLine): string {
  return `${path}:${line}`;
}
