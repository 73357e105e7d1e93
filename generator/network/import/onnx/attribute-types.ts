/** AttributeProto.AttributeType, of the attributes that this program reads. */
export const TYPE = {
  FLOAT: 1,
  INT: 2,
  STRING: 3,
  TENSOR: 4,
  FLOATS: 6,
  INTS: 7,
  STRINGS: 8,
} as const;

export type AttributeType = keyof typeof TYPE;

/** The name of a type by its number; undefined where it is none of these. */
export function typeName(id: number): string | undefined {
  return Object.entries(TYPE).find(([, own]) => own === id)?.[0];
}
