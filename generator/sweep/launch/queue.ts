import type { Task } from './messages.js';

/** Points that wait, by groups that share a network: a worker stays with a group, and takes of another one's when none is left. */
export class TaskQueue<T extends Task> {
  readonly #fresh: T[][];
  /** Groups that a worker has begun. */
  readonly #begun = new Map<object, T[]>();

  constructor(groups: readonly (readonly T[])[]) {
    this.#fresh = groups.filter((group) => group.length > 0).map((group) => [...group]);
    this.#fresh.reverse(); // the next one is taken from the end
  }

  /** The next point for a worker; undefined: none is left. */
  next(worker: object): T | undefined {
    const own = this.#begun.get(worker);
    if (own !== undefined && own.length > 0) return own.shift();
    const group = this.#fresh.pop() ?? this.#shared();
    if (group === undefined) return undefined;
    this.#begun.set(worker, group);
    return group.shift();
  }

  /** A point that a worker did not begin is its next one again. */
  putBack(worker: object, task: T): void {
    this.#begun.get(worker)?.unshift(task);
  }

  /** What is left of a worker's group waits for another one. */
  release(worker: object): void {
    const own = this.#begun.get(worker);
    this.#begun.delete(worker);
    if (own !== undefined && own.length > 0) this.#fresh.push(own);
  }

  /** Half of the longest group that a worker has begun. */
  #shared(): T[] | undefined {
    const longest = [...this.#begun.values()].sort((a, b) => b.length - a.length)[0];
    if (longest === undefined || longest.length === 0) return undefined;
    return longest.splice(Math.floor(longest.length / 2));
  }
}
