import { type Axes, axesOf, type Lengths, type Part } from './axes.js';
import type { Graph } from './graph.js';

/** Axes that inputs of the graph are tried with. */
const MAX_RANK = 5;

/** Every way to read the axes of a graph input as frames, the usual ones first. */
export function* possibleAxes(name: string, inputs: number, { shapes }: Graph): Generator<Axes> {
  const shape = shapes.get(name);
  if (shape !== undefined && shape.length > MAX_RANK) return;
  for (const rank of shape === undefined ? [3, 2] : [shape.length]) {
    const lengths = shape ?? new Array<number | undefined>(rank).fill(undefined);
    for (const parts of arrangements(['time', 'batch', 'feature'], rank)) {
      const length = (part: Part) => {
        const axis = parts.indexOf(part);
        return axis < 0 ? 1 : lengths[axis];
      };
      const fits = parts.every((part, axis) => part !== null || lengths[axis] === 1);
      if (!fits || !parts.includes('feature') || (length('feature') ?? inputs) !== inputs) continue;
      const own: Lengths = {
        time: length('time'),
        batch: length('batch'),
        feature: inputs,
        layer: 1,
      };
      yield axesOf(
        parts.map((part) => (part === null ? [] : [part])),
        own,
      );
    }
  }
}

/** Those parts on `rank` axes in every order, as many of them as there is room for, null where an axis has none. */
function* arrangements(parts: readonly Part[], rank: number): Generator<(Part | null)[]> {
  if (rank === 0) {
    yield [];
    return;
  }
  for (const part of parts) {
    const others = parts.filter((other) => other !== part);
    for (const rest of arrangements(others, rank - 1)) yield [part, ...rest];
  }
  for (const rest of arrangements(parts, rank - 1)) yield [null, ...rest];
}
