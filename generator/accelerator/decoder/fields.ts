import { type Expr, type Int, type IntLike, int, type Scope } from '../../hdl/index.js';

/** A record packed into one word: fields in order, the first one low. */
export interface FieldWidth {
  readonly name: string;
  readonly width: IntLike;
}

export interface RecordLayout {
  readonly fields: readonly FieldWidth[];
  readonly width: Int;
  /**
   * Fields of a named record value, by name. The place of each field becomes a localparam `<PREFIX>_<FIELD>_LSB`
   * in `scope`.
   */
  unpack(scope: Scope, prefix: string, record: Expr<'u'>): (name: string) => Expr<'u'>;
  /** The same with all places named here, for a module that reads all fields. */
  unpackAll(scope: Scope, prefix: string, record: Expr<'u'>): (name: string) => Expr<'u'>;
}

export function recordLayout(fields: readonly FieldWidth[]): RecordLayout {
  const width = fields.reduce((sum, f) => sum.plus(f.width), int(0));
  const layout: RecordLayout = {
    fields,
    width,
    unpackAll(scope, prefix, record) {
      const field = layout.unpack(scope, prefix, record);
      field((fields.at(-1) as FieldWidth).name);
      return field;
    },
    unpack(scope, prefix, record) {
      let place = int(0);
      let named = 0;
      const parts = new Map<string, Expr<'u'>>();
      // Only as far as the fields that are asked for: a localparam that nobody uses is noise.
      const reach = (name: string): void => {
        while (!parts.has(name) && named < fields.length) {
          const f = fields[named++] as FieldWidth;
          const label = `${prefix}_${f.name}_LSB`.toUpperCase();
          const lsb = place.constant === undefined ? scope.local(label, place) : place;
          parts.set(f.name, record.part(lsb, f.width));
          place = lsb.plus(f.width);
        }
      };
      return (name) => {
        reach(name);
        const part = parts.get(name);
        if (part === undefined) throw new Error(`no field ${name}`);
        return part;
      };
    },
  };
  return layout;
}

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
