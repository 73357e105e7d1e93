import { type Expr, type Int, type IntLike, int, type Scope } from '../../hdl/index.js';

/** A record packed into one word: fields in order, the first one low. */
export interface FieldWidth {
  readonly name: string;
  readonly width: IntLike;
}

/** A field of a word of one layout; `width`: another name for its width. */
export type FieldOf = (record: Expr<'u'>, name: string, width?: IntLike) => Expr<'u'>;

export interface RecordLayout {
  readonly width: Int;
  /** Fields of a named record value, by name. Names the places in `scope`, as far as the fields that are asked for. */
  unpack(scope: Scope, prefix: string, record: Expr<'u'>): (name: string) => Expr<'u'>;
  /** Fields of any word of this layout. All places are named here, for a module that reads all fields. */
  places(scope: Scope, prefix: string): FieldOf;
}

/** The place of each field becomes a localparam `<PREFIX>_<FIELD>_LSB`. */
export function recordLayout(fields: readonly FieldWidth[]): RecordLayout {
  return {
    width: fields.reduce((sum, f) => sum.plus(f.width), int(0)),
    unpack(scope, prefix, record) {
      const placeOf = placesIn(scope, prefix, fields);
      return (name) => record.part(...placeOf(name));
    },
    places(scope, prefix) {
      const placeOf = placesIn(scope, prefix, fields);
      placeOf((fields.at(-1) as FieldWidth).name);
      return (record, name, own) => {
        const [lsb, width] = placeOf(name);
        return record.part(lsb, own ?? width);
      };
    },
  };
}

/** Lowest bit and width of a field. Only as far as the fields that are asked for: a localparam that nobody uses is noise. */
function placesIn(scope: Scope, prefix: string, fields: readonly FieldWidth[]) {
  const places = new Map<string, readonly [Int, IntLike]>();
  let next = int(0);
  return (name: string): readonly [Int, IntLike] => {
    while (!places.has(name) && places.size < fields.length) {
      const f = fields[places.size] as FieldWidth;
      const label = `${prefix}_${f.name}_LSB`.toUpperCase();
      const lsb = next.constant === undefined ? scope.local(label, next) : next;
      places.set(f.name, [lsb, f.width]);
      next = lsb.plus(f.width);
    }
    const place = places.get(name);
    if (place === undefined) throw new Error(`no field ${name}`);
    return place;
  };
}

/** Bits of a word with the widths of its fields as numbers. */
export function recordBits(fields: readonly { readonly width: number }[]): number {
  return fields.reduce((sum, f) => sum + f.width, 0);
}

/** A truth value as a field of one bit. */
export const flag = (value: boolean): number => (value ? 1 : 0);

/** Packs numbers into a word by the same layout with the widths as numbers. */
export function packRecord(
  fields: readonly { readonly name: string; readonly width: number }[],
  values: Readonly<Record<string, number>>,
): bigint {
  let word = 0n;
  let base = 0n;
  for (const { name, width } of fields) {
    const value = values[name];
    if (value === undefined || value < 0 || value >= 2 ** width) {
      throw new RangeError(`field ${name}: ${value} does not fit ${width} bits`);
    }
    word |= BigInt(value) << base;
    base += BigInt(width);
  }
  return word;
}
