/** Something of each matrix of a layer. */
export interface LayerMatrices<T> {
  /** Of the matrix of the inputs. */
  readonly x: T;
  /** Of the recurrent matrix; null where there is none. */
  readonly h: T | null;
}

/** The same of what `f` makes of each, x first. */
export function mapMatrices<T, U>({ x, h }: LayerMatrices<T>, f: (of: T) => U): LayerMatrices<U> {
  return { x: f(x), h: h === null ? null : f(h) };
}

/** All of them in the order of reports: x, h of layer 0, x, h of layer 1 ... */
export function inOrder<T>(layers: readonly LayerMatrices<T>[]): readonly T[] {
  return layers.flatMap(({ x, h }) => (h === null ? [x] : [x, h]));
}
