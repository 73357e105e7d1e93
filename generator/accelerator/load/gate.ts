import {
  allOf,
  anyOf,
  bit,
  concat,
  type Expr,
  input,
  literal,
  output,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { placeBits } from './bus.js';

/**
 * Between the input stream and the core: an utterance begins with the model that is asked for. A change of models waits until the core
 * is empty and starts it anew, as frames of two models are never in it at once.
 */
export function modelGate(name: string, residents: number) {
  const bits = placeBits(residents);
  return defineBlock({
    name: `${name}_model_gate`,
    doc: `Chooses one of ${residents} resident models for an utterance, on its first beat. The model of the one before stays for frames without tuser[0]. Another model is taken when all frames before have left, with a cycle of reset for the core; an utterance for a place that is not loaded waits.`,
    parameters: {},
    ports: () => ({
      clk: input(bit),
      rst: input(bit),
      model: input(uint(bits), 'asked for, on the first beat of an utterance'),
      loaded: input(uint(residents)),
      valid: input(bit, 'a beat is on offer'),
      starts: input(bit, 'it has tuser[0]'),
      last: input(bit, 'it has tlast'),
      ready: input(bit, 'the core takes it'),
      busy: input(bit),
      passes: output(bit, 'the beat may go to the core'),
      chosen: output(uint(bits), 'the model that is read'),
      restart: output(bit, 'the core starts anew'),
    }),
    body: (m, _p, io) => {
      const inside = m.reg('in_frame', uint(1), 'a frame has begun and not ended');
      const asks = m.wire('asks', allOf(io.valid, io.starts, inside.not()));
      const other = m.wire('other', io.model.ne(io.chosen), 'another model than that of the core');
      const there = m.wire(
        'there',
        anyOf(
          ...Array.from({ length: residents }, (_, n) => allOf(io.model.eq(n), io.loaded.bit(n))),
        ),
      );
      m.assign(io.passes, allOf(asks, other).not());
      const change = m.wire('change', allOf(asks, other, there, io.busy.not()));
      m.always(io.clk, [
        when(
          io.rst,
          [
            set(io.restart, literal(0, 1)),
            set(inside, literal(0, 1)),
            set(io.chosen, literal(0, bits)),
          ],
          [
            set(io.restart, literal(0, 1)),
            when(allOf(io.valid, io.ready, io.passes), [set(inside, io.last.not())]),
            when(change, [set(io.chosen, io.model), set(io.restart, literal(1, 1))]),
          ],
        ),
      ]);
    },
  });
}

/** The bit of `flags` with the number `place`. */
export function flagOf(flags: Expr<'u'>, place: Expr<'u'>, places: number): Expr<'u'> {
  const own = Array.from({ length: places }, (_, n) => allOf(place.eq(n), flags.bit(n)));
  return anyOf(...own);
}

/** Per place: whether it is the one with the number `place`, where `condition` holds. */
export function onlyAt(place: Expr<'u'>, condition: Expr<'u'>, places: number): Expr<'u'> {
  const own = Array.from({ length: places }, (_, n) => allOf(place.eq(n), condition));
  return concat(...own.reverse());
}
