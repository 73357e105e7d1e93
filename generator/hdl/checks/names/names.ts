import { type Diagnostic, joinPath } from '../../diagnostics.js';
import type { Item } from '../../module.js';
import { memoryNames } from '../../verilog/lower.js';
import type { Subject } from '../walk/points.js';
import type { NameScope } from '../walk/scopes.js';
import { reservedBy } from './keywords.js';

interface Named {
  readonly name: string;
  readonly site: string;
  readonly what: string;
}

/** Names by their lower case letters. */
type Taken = ReadonlyMap<string, Named>;

/**
 * Names that are keywords, no identifiers, or the same as another in any letters: ports, parameters, localparams,
 * signals, memories, instances, loop variables and block labels share the names of their scope, and nothing hides a
 * name of a scope around it.
 */
export function checkNames({ module, uses }: Subject): Diagnostic[] {
  const found: Diagnostic[] = [];
  const visit = (items: readonly Item[], scope: NameScope, outer: Taken): void => {
    const taken = declare(items.flatMap(namesOf), scope.path, outer, found);
    for (const item of items) {
      const below = item.kind === 'for' ? [item.items] : item.kind === 'if' ? branches(item) : [];
      for (const inner of below) visit(inner, scope.inner.get(inner) as NameScope, taken);
    }
  };
  const named = (what: string, record: Readonly<Record<string, { readonly site: string }>>) =>
    Object.entries(record).map(([name, { site }]): Named => ({ name, site, what }));
  const top = declare(
    [
      { name: module.name, site: module.site, what: 'module' },
      ...named('parameter', module.parameters),
      ...named('port', module.ports),
    ],
    module.name,
    new Map(),
    found,
  );
  visit(module.items, uses.scope, top);
  return found;
}

function declare(names: readonly Named[], path: string, outer: Taken, found: Diagnostic[]): Taken {
  const taken = new Map(outer);
  for (const declared of names) {
    const { name, site, what } = declared;
    const where = what === 'module' ? name : joinPath(path, name);
    const add = (code: Diagnostic['code'], message: string): unknown =>
      found.push({ code, path: where, message, site });
    const language = reservedBy(name);
    const other = taken.get(name.toLowerCase());
    if (language !== undefined) add('RESERVED_NAME', `${name} is a keyword of ${language}`);
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) add('INVALID_NAME', `"${name}"`);
    if (other !== undefined) {
      const differs = other.name === name ? '' : '; only the case differs';
      add('NAME_CLASH', `there is a ${other.what} ${other.name} already${differs}`);
    }
    taken.set(name.toLowerCase(), declared);
  }
  return taken;
}

function branches({ then, otherwise }: Extract<Item, { kind: 'if' }>): (readonly Item[])[] {
  return [then, otherwise];
}

/** Every name that an item brings into its scope, those of loop variables and blocks too. */
function namesOf(item: Item): Named[] {
  const { site } = item;
  const names = (what: string, ...list: string[]): Named[] =>
    list.map((name) => ({ name, site, what }));
  switch (item.kind) {
    case 'signal':
      return names(item.storage === 'reg' ? 'register' : 'wire', item.name);
    case 'local':
      return names('localparam', item.name);
    case 'unused':
      return names('wire', item.name);
    case 'instance':
      return names('instance', item.name);
    case 'memory':
      return [
        ...names('memory', item.name),
        ...names('piece of a memory', ...Object.values(memoryNames(item.name))),
      ];
    case 'for':
      return [...names('loop variable', item.variable), ...names('generate block', item.label)];
    case 'if':
      return names(
        'generate block',
        item.label,
        ...(item.otherwise.length > 0 ? [item.otherwiseLabel] : []),
      );
    default:
      return [];
  }
}
