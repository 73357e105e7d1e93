import {
  allOf,
  anyOf,
  bit,
  concat,
  type Expr,
  input,
  literal,
  output,
  repeat,
  type Scope,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { placeBits } from '../load/bus.js';
import { CAUSE_BITS } from '../load/causes.js';
import { fieldOf, REGISTER_BITS, type RegisterField, type RegisterName } from './register-map.js';

const word = (value: number): Expr<'u'> => literal(value, REGISTER_BITS);
const one = literal(1, 1);

/** Ports between the registers and the loader. */
export function loaderPorts(places: number) {
  return {
    loaded: input(uint(places), 'per place: a model is there'),
    load_error: input(bit),
    load_cause: input(uint(CAUSE_BITS)),
    loading: input(bit, 'a load has begun and not ended'),
    load_bus: input(bit, 'it comes from here'),
    load_waits: input(bit, 'it waits for its place'),
    load_skips: input(bit, 'it was refused, and its rest is skipped'),
    load_done: input(bit, 'a load ends well'),
    load_refused: input(bit, 'a load is refused'),
    load_abort: output(bit, 'the load that has begun is to be refused'),
    load_valid: output(bit, 'a word of a load is on offer'),
    load_word: output(uint(REGISTER_BITS)),
    load_taken: input(bit, 'it is taken'),
  };
}

/** The place of utterances, written by bytes; a number that is no place is refused. */
export function modelRegister(
  m: Scope,
  io: Readonly<Record<'clk' | 'rst', Expr<'u'>> & { readonly model?: Expr<'u'> }>,
  places: number,
  own: Readonly<Record<'write_data' | 'write_strobes', Expr<'u'>>>,
  writes: Expr<'u'>,
): { readonly value: Expr<'u'>; readonly refused: readonly Expr<'u'>[] } {
  const { model } = io;
  if (model === undefined) return { value: word(0), refused: [] };
  const bits = placeBits(places);
  const mask = m.wire(
    'mask',
    concat(...[3, 2, 1, 0].map((n) => repeat(8, own.write_strobes.bit(n)))),
    'bits that are written',
  );
  const asked = m.wire(
    'asked_model',
    own.write_data.and(mask).or(model.resize(REGISTER_BITS).and(mask.not())),
    'what MODEL would hold',
  );
  const known = m.wire('known_model', asked.lt(places));
  m.always(io.clk, [
    when(
      io.rst,
      [set(model, literal(0, bits))],
      [when(allOf(writes, known), [set(model, asked.part(0, bits))])],
    ),
  ]);
  return { value: model.resize(REGISTER_BITS), refused: [allOf(writes, known.not())] };
}

/** A word for the loader: whole, and not while a load comes in through the stream. */
export function loadWord(
  m: Scope,
  io: Readonly<Record<'clk' | 'rst', Expr<'u'>>> &
    Partial<Readonly<Record<keyof ReturnType<typeof loaderPorts>, Expr<'u'>>>>,
  own: Readonly<Record<'write_data' | 'write_strobes', Expr<'u'>>>,
  at: {
    readonly writes: Expr<'u'>;
    readonly acts: (register: RegisterName, field: RegisterField) => Expr<'u'>;
  },
): { readonly done: Expr<'u'>; readonly refused: readonly Expr<'u'>[] } {
  const { load_valid, load_word, load_taken, load_abort, loading, load_bus } = io;
  if (!load_valid || !load_word || !load_taken || !load_abort || !loading || !load_bus) {
    return { done: one, refused: [] };
  }
  const asked = m.wire('asked_load', at.writes);
  const refused = m.wire(
    'load_word_refused',
    allOf(asked, anyOf(own.write_strobes.all().not(), allOf(loading, load_bus.not()))),
    'part of a word, or a load through the stream has begun',
  );
  m.assign(load_valid, allOf(asked, refused.not()));
  m.assign(load_word, own.write_data);
  m.assign(load_abort, at.acts('CONTROL', fieldOf('CONTROL', 'ABORT')));
  const done = m.wire('write_done', anyOf(asked.not(), refused, load_taken));
  return { done, refused: [refused] };
}
