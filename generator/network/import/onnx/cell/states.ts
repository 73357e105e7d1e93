import type { Graph } from '../graph.js';
import { FIRST_INPUT } from '../state.js';

/**
 * The inputs of the graph from which a value comes by operators that move numbers alone, none where it is made of
 * constants; null where something is computed.
 */
export function movedFrom(name: string, { producers, inputs, initializers }: Graph) {
  const seen = new Set([name]);
  const found = new Set<string>();
  for (const at of seen) {
    const node = producers.get(at)?.node;
    if (inputs.has(at)) found.add(at);
    else if (initializers.has(at) || node?.op === 'ConstantOfShape' || node?.op === 'Constant')
      continue;
    else if (node?.op === 'Concat') for (const input of node.inputs) seen.add(input);
    else if (node !== undefined && FIRST_INPUT.has(node.op)) seen.add(node.inputs[0] ?? '');
    else return null;
  }
  return found;
}

/** A value that a cell multiplies with weights, and its length where that is known. */
export interface Source {
  readonly name: string;
  readonly length: number | undefined;
}

/**
 * Which of two values is h of the step before, the other one being x: by its length; as the one that the caller hands
 * in where the other is computed; as the one that comes with c; or as the user says. Null where that does not settle it.
 */
export function stateAmong(
  [a, b]: readonly [Source, Source],
  c: string,
  cells: number,
  graph: Graph,
  isFrames: (name: string) => boolean,
): readonly [x: Source, h: Source] | null {
  const fits = ({ length }: Source) => length === undefined || length === cells;
  if (fits(a) !== fits(b)) return fits(a) ? [b, a] : [a, b];
  if (!fits(a)) return null;
  if (isFrames(a.name)) return [a, b];
  if (isFrames(b.name)) return [b, a];
  const [fromA, fromB, fromC] = [a.name, b.name, c].map((name) => movedFrom(name, graph));
  if (!fromC) return null;
  if (!fromA !== !fromB) return fromA ? [b, a] : [a, b];
  const together = (one: ReadonlySet<string>) => [...one].some((name) => fromC.has(name));
  if (!fromA || !fromB || together(fromA) === together(fromB)) return null;
  return together(fromA) ? [b, a] : [a, b];
}
