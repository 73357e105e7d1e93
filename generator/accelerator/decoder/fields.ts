import type { Expr, Int, IntLike } from '../../hdl/index.js';
import { int } from '../../hdl/index.js';

/** A record packed into one word: fields in order, the first one low. */
export interface FieldWidth {
  readonly name: string;
  readonly width: IntLike;
}

export interface RecordLayout {
  readonly fields: readonly FieldWidth[];
  readonly width: Int;
  /** Bits of one field of a named record value. */
  field(record: Expr<'u'>, name: string): Expr<'u'>;
}

export function recordLayout(fields: readonly FieldWidth[]): RecordLayout {
  const width = fields.reduce((sum, f) => sum.plus(f.width), int(0));
  return {
    fields,
    width,
    field(record, name) {
      let base = int(0);
      for (const f of fields) {
        if (f.name === name) return record.part(base, f.width);
        base = base.plus(f.width);
      }
      throw new Error(`no field ${name}`);
    },
  };
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
