import { allOf, bit, type Expr, input, literal, output, set, uint, when } from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { LOAD_WORD } from '../load/rows.js';
import { bitsOf } from '../plan/configuration.js';

/**
 * In front of the loader: words of the bus and beats of the stream. From the first beat of a load to its end the loader takes from the
 * one alone that it took that beat from; between loads the bus goes first.
 */
export function loadArbiter(prefix: string, bits: number) {
  const perWord = LOAD_WORD / bits;
  return defineBlock({
    name: `${prefix}_load_arbiter`,
    doc: `Leads words of the bus, or beats of ${bits} bits of the load stream, to the loader. Who sent the first beat of a load sends all of it, also what is skipped behind one that was refused; where none has begun, the bus goes first.`,
    parameters: {},
    ports: () => ({
      clk: input(bit),
      rst: input(bit),
      load_valid: input(bit, 'a word of the bus'),
      load_word: input(uint(LOAD_WORD)),
      load_taken: output(bit, 'it is taken'),
      s_load_tdata: input(uint(bits)),
      s_load_tvalid: input(bit),
      s_load_tready: output(bit),
      s_load_tlast: input(bit),
      loading: input(bit, 'a load has begun and not ended'),
      load_bus: output(bit, 'it comes from the bus'),
      beat_data: output(uint(bits), 'to the loader'),
      beat_valid: output(bit),
      beat_ready: input(bit),
      beat_last: output(bit),
    }),
    body: (m, _p, io) => {
      const fromBus = m.wire(
        'from_bus',
        io.loading.choose(io.load_bus, io.load_valid),
        'whose beats the loader takes',
      );
      m.assign(io.beat_valid, fromBus.choose(io.load_valid, io.s_load_tvalid));
      m.assign(io.s_load_tready, allOf(io.beat_ready, fromBus.not()));
      m.assign(io.beat_last, allOf(fromBus.not(), io.s_load_tlast));
      const taken = m.wire('bus_beat', allOf(fromBus, io.load_valid, io.beat_ready));
      m.always(
        io.clk,
        [
          when(
            io.rst,
            [set(io.load_bus, literal(0, 1))],
            [when(allOf(io.beat_valid, io.beat_ready), [set(io.load_bus, fromBus)])],
          ),
        ],
        'Whose load it is.',
      );
      if (perWord === 1) {
        m.assign(io.load_taken, taken);
        m.assign(io.beat_data, fromBus.choose(io.load_word, io.s_load_tdata));
        return;
      }
      const laneBits = bitsOf(perWord);
      const lane = m.reg('lane', uint(laneBits), 'beat of the word');
      const busBeat = Array.from({ length: perWord }, (_, n) => n).reduceRight<Expr<'u'>>(
        (others, n) =>
          n === perWord - 1
            ? io.load_word.part(n * bits, bits)
            : lane.eq(n).choose(io.load_word.part(n * bits, bits), others),
        io.load_word.part(0, bits),
      );
      m.assign(io.beat_data, fromBus.choose(busBeat, io.s_load_tdata));
      m.assign(io.load_taken, allOf(taken, lane.eq(perWord - 1)));
      m.always(io.clk, [
        when(
          io.rst,
          [set(lane, literal(0, laneBits))],
          [when(taken, [set(lane, lane.increment())])],
        ),
      ]);
    },
  });
}

export type LoadArbiter = ReturnType<typeof loadArbiter>;
