/**
 * The lower triangle L of A = L L^T, in place of A, [row][column] of `size`.
 * @throws RangeError where A is not positive definite
 */
export function factorise(a: Float64Array, size: number): void {
  for (let row = 0; row < size; row++) {
    const own = row * size;
    for (let column = 0; column <= row; column++) {
      const other = column * size;
      let sum = a[own + column] as number;
      for (let k = 0; k < column; k++) sum -= (a[own + k] as number) * (a[other + k] as number);
      if (column < row) {
        a[own + column] = sum / (a[other + column] as number);
        continue;
      }
      if (!(sum > 0)) throw new RangeError(`row ${row}: expected a square above 0, got ${sum}`);
      a[own + row] = Math.sqrt(sum);
    }
  }
}

/** x of L L^T x = b, in place of b. */
export function solve(l: Float64Array, size: number, b: Float64Array): void {
  for (let row = 0; row < size; row++) {
    let sum = b[row] as number;
    for (let k = 0; k < row; k++) sum -= (l[row * size + k] as number) * (b[k] as number);
    b[row] = sum / (l[row * size + row] as number);
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = b[row] as number;
    for (let k = row + 1; k < size; k++) sum -= (l[k * size + row] as number) * (b[k] as number);
    b[row] = sum / (l[row * size + row] as number);
  }
}
