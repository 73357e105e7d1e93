import { type AttributeType, typeName } from './attribute-types.js';
import { onnxError } from './errors.js';
import type { AttributeProto, TensorProto } from './messages.js';
import type { Node } from './node.js';
import { checkSignature, type Version } from './signature.js';

/** Fields of single values, and which of them a type has. One that is zero or empty may be absent. */
const SINGLE = ['f', 'i', 's', 't', 'g'] as const;
const FIELD: Partial<Readonly<Record<AttributeType, (typeof SINGLE)[number]>>> = {
  FLOAT: 'f',
  INT: 'i',
  STRING: 's',
  TENSOR: 't',
};

/** Attributes of a node by name, each read as the type that its operator says. */
export interface Attributes {
  has(name: string): boolean;
  int(name: string): number | undefined;
  ints(name: string): readonly number[] | undefined;
  float(name: string): number | undefined;
  floats(name: string): readonly number[] | undefined;
  string(name: string): string | undefined;
  strings(name: string): readonly string[] | undefined;
  tensor(name: string): TensorProto | undefined;
}

/**
 * The attributes of a node that this program interprets. Only `known` ones may be there, and no more inputs and
 * outputs than the operator has: what the program does not know might change what the operator computes.
 * @throws UserError ONNX_ATTRIBUTE when one is unknown, there twice, or (when read) of another type; ONNX_INVALID.
 */
export function attributesOf(node: Node, known: readonly string[], version: Version): Attributes {
  const { file } = version;
  const fail = (name: string, expected: string, got: string) =>
    onnxError(file, 'ONNX_ATTRIBUTE', `${node.label}.${name}`, expected, got);
  checkSignature(node, version);
  const table = new Map<string, AttributeProto>();
  for (const attribute of node.attributes) {
    const name = attribute.name ?? '';
    if (!known.includes(name)) {
      const expected = known.length === 0 ? 'no attributes' : `only ${known.join(', ')}`;
      throw fail(name, `${expected} on ${node.op}`, 'another attribute');
    }
    if (table.has(name)) throw fail(name, 'it once', 'it twice');
    if (attribute.ref_attr_name) throw fail(name, 'a value', 'a reference to a function attribute');
    table.set(name, attribute);
  }
  const read = <T>(name: string, type: AttributeType, value: (a: AttributeProto) => T) => {
    const attribute = table.get(name);
    if (attribute === undefined) return undefined;
    const got = typeName(attribute.type ?? 0);
    if (got !== type) throw fail(name, type, got ?? `type ${attribute.type ?? 'missing'}`);
    const odd = SINGLE.find((field) => field !== FIELD[type] && Object.hasOwn(attribute, field));
    if (odd !== undefined)
      throw fail(name, `the value of ${type} alone`, `a value of field ${odd}`);
    return value(attribute);
  };
  // what is absent is an empty list, not an empty array of bytes
  const text = (bytes: Iterable<number> = []) => new TextDecoder().decode(Uint8Array.from(bytes));
  return {
    has: (name) => table.has(name),
    int: (name) => read(name, 'INT', ({ i }) => i?.toNumber() ?? 0),
    ints: (name) => read(name, 'INTS', ({ ints }) => ints.map((n) => n.toNumber())),
    float: (name) => read(name, 'FLOAT', ({ f }) => f ?? 0),
    floats: (name) => read(name, 'FLOATS', ({ floats }) => floats),
    string: (name) => read(name, 'STRING', ({ s }) => text(s)),
    strings: (name) => read(name, 'STRINGS', ({ strings }) => strings.map(text)),
    tensor: (name) => read(name, 'TENSOR', ({ t }) => t ?? undefined),
  };
}
