import {
  allOf,
  anyOf,
  bit,
  type Expr,
  type Int,
  literal,
  parameterValue,
  type Scope,
  type Statement,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { bitsOf } from '../plan/configuration.js';

/** One side of the buffers of output frames. */
interface Side {
  readonly onReset: readonly Statement[];
  /** The next frame is in the next buffer. */
  readonly onEnd: readonly Statement[];
  /** First word of the buffer. */
  readonly base: Expr<'u'>;
}

/** The buffers of output frames, written and read in a ring. */
export interface OutputRing {
  readonly write: Side;
  /** Declared where it is asked for first. */
  readonly read: () => Side;
  /**
   * What belongs to the frame of a buffer, set when it has been written, and a register with that of the frame that is read.
   * `doc`: what is kept for each buffer.
   */
  readonly kept: (
    names: { readonly kept: string; readonly asked: string; readonly doc: string },
    written: Expr<'u'>,
    end: Expr<'u'>,
  ) => Expr<'u'>;
}

/** Sizes of the buffers: words of one on either side, and bits of an address. */
interface RingSizes {
  readonly words: Int;
  readonly bits: Int;
}

/** Two buffers: each side has a bit. */
export function pairOfBuffers(
  m: Scope,
  clk: Expr<'u'>,
  writes: RingSizes,
  reads: RingSizes,
): OutputRing {
  const upper = { write: m.reg('write_upper', bit, 'the upper buffer is being written') };
  const side = (is: Expr<'u'>, { words, bits }: RingSizes): Side => ({
    onReset: [set(is, literal(0, 1))],
    onEnd: [set(is, is.not())],
    base: is.choose(parameterValue(words, bits), literal(0, bits)),
  });
  let reading: Expr<'u'> | null = null;
  const read = (): Expr<'u'> => {
    reading ??= m.reg('read_upper', bit, 'the upper buffer is being read');
    return reading;
  };
  return {
    write: side(upper.write, writes),
    read: () => side(read(), reads),
    kept: ({ kept, asked, doc }, written, end) => {
      const now = m.reg(asked, bit);
      const all = m.reg(kept, uint(2), `per buffer: ${doc}`);
      m.always(clk, [
        when(end, [when(upper.write, [set(all.bit(1), written)], [set(all.bit(0), written)])]),
        set(now, read().choose(all.bit(1), all.bit(0))),
      ]);
      return now;
    },
  };
}

/** More buffers: each side has a number, and the first word of its buffer. */
export function ringOfBuffers(
  m: Scope,
  clk: Expr<'u'>,
  frames: number,
  writes: RingSizes,
  reads: RingSizes,
): OutputRing {
  const side = (name: string, { words, bits }: RingSizes) => {
    const number = m.reg(`${name}_buffer`, uint(bitsOf(frames)), 'number of the buffer');
    const base = m.reg(`${name}_base`, uint(bits), 'its first word');
    const none = literal(0, bits);
    const last = number.eq(frames - 1);
    return {
      number,
      onReset: [set(number, literal(0, number.width)), set(base, none)],
      onEnd: [
        set(number, last.choose(literal(0, number.width), number.increment())),
        set(base, last.choose(none, base.addWrap(parameterValue(words, bits)))),
      ],
      base,
    };
  };
  const write = side('write', writes);
  const read = side('read', reads);
  return {
    write,
    read: () => read,
    kept: ({ kept, asked, doc }, written, end) => {
      const now = m.reg(asked, uint(written.width));
      const all = Array.from({ length: frames }, (_, n) =>
        m.reg(`${kept}_${n}`, uint(written.width), `of buffer ${n}: ${doc}`),
      );
      const masked = all.map((one, n) =>
        m.wire(`${kept}_${n}_read`, read.number.eq(n)).choose(one, literal(0, one.width)),
      );
      m.always(clk, [
        ...all.map((one, n) => when(allOf(end, write.number.eq(n)), [set(one, written)])),
        set(now, anyOf(...masked)),
      ]);
      return now;
    },
  };
}
