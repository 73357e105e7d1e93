import { fieldOf, isList, isObject, type Json } from './json.js';

/** A value that a layer reads: of which layer, of which of its uses, which of its outputs. */
export interface Inbound {
  readonly layer: string;
  readonly node: number;
  readonly output: number;
}

/** The uses of a layer, an entry each. */
export function inboundNodes(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

/**
 * All values that one use of a layer reads, in options too: `[name, node, output, options]` in Keras 1 and 2, tensors with
 * their history in Keras 3.
 */
export function inboundEdges(value: Json): readonly Inbound[] {
  if (isObject(value)) {
    if (fieldOf(value, 'class_name') === '__keras_tensor__') {
      return inboundEdges(fieldOf(fieldOf(value, 'config'), 'keras_history') ?? null);
    }
    return Object.values(value).flatMap(inboundEdges);
  }
  if (!isList(value)) return [];
  const [layer, node, output, options] = value;
  if (typeof layer !== 'string' || typeof node !== 'number' || typeof output !== 'number') {
    return value.flatMap(inboundEdges);
  }
  // constants of an operator look like values of a layer without a name
  if (layer === '_CONSTANT_VALUE') return [];
  return [{ layer, node, output }, ...inboundEdges(options ?? null)];
}

/** Whether a use of a layer says that it is to behave as in training, where dropout and norms change values. */
export function trains(value: Json): boolean {
  if (isList(value)) return value.some(trains);
  if (!isObject(value)) return false;
  const own = fieldOf(value, 'training') ?? false;
  return (own !== false && own !== null) || trains(fieldOf(value, 'kwargs') ?? null);
}
