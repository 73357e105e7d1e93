import { encodeElements } from '../../generator/network/formats/elements.js';
import { TENSORFLOW_TYPES } from '../../generator/network/import/tensorflow/graph-def/messages.js';

type Attributes = Readonly<Record<string, Record<string, unknown>>>;

/** A node of a graph of TensorFlow. */
export const tfNode = (
  op: string,
  name: string,
  input: readonly string[] = [],
  attr: Attributes = {},
) => ({ op, name, input: [...input], attr });

/** A constant: float32, or int32 with `whole`. */
export function constant(
  name: string,
  shape: readonly number[],
  values: readonly number[],
  whole = false,
) {
  const tensor = {
    dtype: whole ? 3 : 1,
    tensor_shape: { dim: shape.map((size) => ({ size })) },
    tensor_content: encodeElements(whole ? 'int32' : 'float32', values),
  };
  return tfNode('Const', name, [], { value: { tensor } });
}

/** A frozen graph with those nodes. */
export function graphDef(...node: readonly ReturnType<typeof tfNode>[]): Uint8Array {
  const type = TENSORFLOW_TYPES.lookupType('GraphDef');
  return type.encode(type.fromObject({ node })).finish();
}
