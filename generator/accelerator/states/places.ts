import { allOf, anyOf, concat, type Expr, literal } from '../../hdl/index.js';
import { LOAD_WORD } from '../load/rows.js';
import { bitsOf, type Configuration } from '../plan/configuration.js';
import { streamBits } from '../plan/frames-in-memory.js';
import type { StateSizes } from './sizes.js';

/** What is asked for. */
export type Asked = Readonly<Record<'state_index' | 'odd', Expr<'u'>>> & {
  readonly state_stream?: Expr<'u'> | undefined;
  readonly state_kept?: Expr<'u'> | undefined;
};

/** Whether there is such a number. */
export function isKnown(
  { state_index: index, state_stream: stream, state_kept }: Asked,
  { values, kept, streams }: StateSizes,
): Expr<'u'> {
  const inside =
    state_kept === undefined
      ? index.lt(values)
      : state_kept.choose(index.lt(kept), index.lt(values));
  const whole = stream === undefined || 2 ** bitsOf(streams) === streams;
  return whole ? inside : allOf(inside, stream.lt(streams));
}

/** Whether a register has a number that is none of so many bits. */
export function isBeyond(data: Expr<'u'>, bits: number): Expr<'u'> {
  const sign = data.part(bits - 1, LOAD_WORD - bits + 1);
  return allOf(sign.any(), sign.all().not());
}

/** Whether the last frame of the stream wrote the upper buffer. */
export function oddOf({ odd, state_stream: stream }: Asked, streams: number): Expr<'u'> {
  if (stream === undefined) return odd;
  return anyOf(...Array.from({ length: streams }, (_, n) => allOf(stream.eq(n), odd.bit(n))));
}

/** Per stream: a number of it is taken. */
export function restoredOf(
  { state_stream: stream }: Asked,
  stores: Expr<'u'>,
  streams: number,
): Expr<'u'> {
  if (stream === undefined) return stores;
  const own = Array.from({ length: streams }, (_, n) => allOf(stores, stream.eq(n)));
  return concat(...own.reverse());
}

/** An index with so many bits, of which more are not looked at. */
function fitted(index: Expr<'u'>, bits: number): Expr<'u'> {
  return Number(index.width.constant) > bits ? index.part(0, bits) : index.resize(bits);
}

/** Number in the memory of h, from that in a frame: words of frames are behind each other. */
export function placeOf(
  c: Configuration,
  { state_index, state_stream: stream }: Asked,
  odd: Expr<'u'>,
  { placeBits, sizes }: { readonly placeBits: number; readonly sizes: StateSizes },
): Expr<'u'> {
  const own = fitted(state_index, placeBits);
  const { values } = sizes;
  if (stream === undefined) {
    return own.addWrap(odd.choose(literal(values, placeBits), literal(0, placeBits)));
  }
  const frame = concat(fitted(stream, streamBits(c)), odd).resize(placeBits);
  return own.addWrap(frame.shiftUp(Math.log2(values)));
}
