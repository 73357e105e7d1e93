/**
 * Real numbers that are read and not changed, in the words that their file has: a large network takes no more memory than its file.
 * There is no `map`, which would round what it makes of them to these words; `Float64Array.from` does not.
 */
export interface Reals extends Readonly<ArrayLike<number>>, Iterable<number> {
  every(is: (value: number, at: number) => boolean): boolean;
  some(is: (value: number, at: number) => boolean): boolean;
  findIndex(is: (value: number, at: number) => boolean): number;
  forEach(act: (value: number, at: number) => void): void;
  subarray(from?: number, to?: number): Reals;
  slice(from?: number, to?: number): Reals;
}
