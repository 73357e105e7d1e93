import {
  clog2,
  type Expr,
  type Int,
  literal,
  type PortValues,
  parameterValue,
  type Scope,
} from '../../hdl/index.js';
import type { decoderPorts } from './ports.js';

type Ports = PortValues<ReturnType<typeof decoderPorts>>;

/** First word of the buffer, or of the frame, in which the tile is, from that of its memory; `of`: a parameter. */
export function bufferWord(
  m: Scope,
  io: Pick<Ports, 'from_input' | 'upper_buffer' | 'frame_place'>,
  of: (parameter: string) => Int,
  bits: Int,
): Expr<'u'> {
  const [x, h] = [of('X_BUFFER_WORDS'), of('H_BUFFER_WORDS')];
  if (io.upper_buffer !== undefined) {
    const bufferWords = m.wire(
      'buffer_words',
      io.from_input.choose(parameterValue(x, bits), parameterValue(h, bits)),
    );
    return io.upper_buffer.choose(bufferWords, literal(0, bits));
  }
  if (io.frame_place === undefined) throw new Error('the decoder is not told where a frame is');
  const frame = m.wire('frame', io.frame_place.resize(bits));
  const words = io.from_input.choose(frame.shiftUp(clog2(x)), frame.shiftUp(clog2(h)));
  return m.wire('frame_word', words, 'first word of the frame');
}
