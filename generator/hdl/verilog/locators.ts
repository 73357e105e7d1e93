import { type SourceLine, sourceLine } from '../source/locator.js';
import { docAt } from '../source/naming.js';
import type { VItem, VModule } from './ast.js';
import { together } from './print-items.js';

/**
 * Puts the author's line above the module and above each thing that a reader takes in at once: a group of
 * declarations and assignments (its first line, and again where the file changes), an always block, an instance, a
 * memory, a generate block, and above the comment that goes with it. What was said last is not said again. A declaration without a text of its own gets the
 * author's comment above it.
 */
export function withLocators(module: VModule): VModule {
  const source = sourceLine(module.site);
  const items = located(module.items, source);
  return source === null ? { ...module, items } : { ...module, locator: text(source), items };
}

function located(items: readonly VItem[], enclosing: SourceLine | null): readonly VItem[] {
  let said = enclosing;
  const all = items.map((item, i): VItem => {
    const source = item.kind === 'comment' ? null : sourceLine(item.site);
    const previous = items[i - 1];
    const starts = previous === undefined || !together(previous, item);
    const says =
      source !== null &&
      (starts ? said === null || text(source) !== text(said) : source.path !== said?.path);
    if (says) said = source;
    const inner = withInner(withDoc(item), said);
    return says ? { ...inner, locator: text(source) } : inner;
  });
  return all.map((item, i) => aboveComment(item, all[i - 1], all[i + 1]));
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

function withInner(item: VItem, said: SourceLine | null): VItem {
  if (item.kind === 'for') return { ...item, items: located(item.items, said) };
  if (item.kind !== 'if') return item;
  return { ...item, then: located(item.then, said), otherwise: located(item.otherwise, said) };
}

function text({ path, line }: SourceLine): string {
  return `${path}:${line}`;
}
