/** Levels of pins by name; a pin that is not in it may have either. */
export type Levels = ReadonlyMap<string, boolean>;

const TOKEN = /[!&|^*+'()]|[^\s!&|^*+'()]+/g;

/**
 * Whether a condition of a Liberty file holds, `A_MEN & !A_WEN`: with ! or ' for not, & * or nothing for and, ^, and | or +. Null
 * where it asks for a pin whose level is not known, or is no condition.
 */
export function holds(condition: string, levels: Levels): boolean | null {
  const tokens = condition.match(TOKEN) ?? [];
  let at = 0;
  let known = true;
  const starts = (): boolean => at < tokens.length && !/^[&|^*+')]$/.test(tokens[at] as string);
  const taken = (...those: readonly string[]): boolean => {
    if (!those.includes(tokens[at] ?? '')) return false;
    at++;
    return true;
  };
  const atom = (): boolean => {
    if (taken('!')) return !atom();
    let value = false;
    if (taken('(')) {
      value = or();
      if (!taken(')')) known = false;
    } else value = level(tokens[at++]);
    while (taken("'")) value = !value;
    return value;
  };
  const level = (name: string | undefined): boolean => {
    if (name === '0' || name === '1') return name === '1';
    const found = name === undefined ? undefined : levels.get(name);
    if (found === undefined) known = false;
    return found ?? false;
  };
  const and = (): boolean => {
    let value = atom();
    while (taken('&', '*') || starts()) value = atom() && value;
    return value;
  };
  const xor = (): boolean => {
    let value = and();
    while (taken('^')) value = and() !== value;
    return value;
  };
  const or = (): boolean => {
    let value = xor();
    while (taken('|', '+')) value = xor() || value;
    return value;
  };
  const value = or();
  return known && at === tokens.length ? value : null;
}
