import protobuf from 'protobufjs/light.js';

/**
 * Messages of protocol buffers by name, each with its fields: number and type. `T[]` is a repeated field, `packed T[]`
 * one that is written packed, `map T` one from texts to T; every singular field is optional.
 */
export type MessageSpecs = Readonly<
  Record<string, Readonly<Record<string, readonly [number, string]>>>
>;

/** The message types. */
export function messageTypes(messages: MessageSpecs): protobuf.Root {
  return protobuf.Root.fromJSON({
    nested: Object.fromEntries(
      Object.entries(messages).map(([message, fields]) => [
        message,
        { fields: Object.fromEntries(Object.entries(fields).map(([name, f]) => [name, field(f)])) },
      ]),
    ),
  });
}

function field([id, spec]: readonly [number, string]): protobuf.IField {
  const [, kind, type, repeated] = /^(packed |map )?(\w+)(\[\])?$/.exec(spec) as RegExpExecArray;
  if (kind === 'map ') return { id, type, keyType: 'string' } as protobuf.IMapField;
  if (repeated === undefined) return { id, type: type as string };
  return { id, type: type as string, rule: 'repeated', options: { packed: kind !== undefined } };
}

/**
 * Decodes bytes as a message. Fields that are not among the message's are skipped; messages nested deeper than 100
 * are refused by the decoder. @throws Error of the decoder
 */
export function decodeMessage(root: protobuf.Root, type: string, bytes: Uint8Array): unknown {
  const reader = protobuf.Reader.create(bytes);
  reader.discardUnknown = true;
  return root.lookupType(type).decode(reader);
}
