/** The nodes that have a source among the nodes left: none when no way leads back to where it began. */
export function cyclic<T>(nodes: Iterable<T>, sourcesOf: (node: T) => Iterable<T>): Set<T> {
  const left = new Set(nodes);
  const open = new Map<T, number>();
  const users = new Map<T, T[]>();
  const done: T[] = [];
  for (const node of left) {
    let count = 0;
    for (const source of sourcesOf(node)) {
      if (!left.has(source)) continue;
      count++;
      const known = users.get(source);
      if (known === undefined) users.set(source, [node]);
      else known.push(node);
    }
    open.set(node, count);
    if (count === 0) done.push(node);
  }
  for (let node = done.pop(); node !== undefined; node = done.pop()) {
    left.delete(node);
    for (const user of users.get(node) ?? []) {
      const count = (open.get(user) as number) - 1;
      open.set(user, count);
      if (count === 0) done.push(user);
    }
  }
  return left;
}
