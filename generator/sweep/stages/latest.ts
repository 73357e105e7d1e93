/** Keeps what was made last for a few keys: neighbouring points share networks, and a worker has little memory. */
export class Latest<T> {
  readonly #most: number;
  readonly #kept = new Map<string, T>();

  constructor(most: number) {
    this.#most = most;
  }

  /** What was made for the key, or is made now; what fails is not kept. */
  async get(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#kept.get(key);
    this.#kept.delete(key);
    const value = known ?? (await make());
    this.#kept.set(key, value);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#most) this.#kept.delete(oldest as string);
    return value;
  }
}
