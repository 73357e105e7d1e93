import {
  allOf,
  anyOf,
  type Expr,
  literal,
  repeat,
  type Scope,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { bitsOf } from '../plan/configuration.js';
import type { stateAskingPorts } from '../states/ports.js';
import { STATE_CAUSE_BITS, type StateSizes } from '../states/sizes.js';
import { placed } from './placed.js';
import { fieldOf, REGISTER_BITS, type RegisterName } from './register-map.js';

type Signals<K extends string> = Readonly<Record<K, Expr<'u'>>>;

/** What the registers of states say of themselves. */
export interface StateRegisters {
  readonly address: Expr<'u'>;
  readonly data: Expr<'u'>;
  /** Why an access was refused. */
  readonly cause: Expr<'u'>;
  /** A write of one of them, and a read of STATE_DATA, does not end yet. */
  readonly writeWaits: Expr<'u'>;
  readonly readWaits: Expr<'u'>;
  readonly writeRefused: Expr<'u'>;
  readonly readRefused: Expr<'u'>;
}

interface StateSignals
  extends Signals<
    | 'clk'
    | 'rst'
    | 'soft_reset'
    | Exclude<
        keyof ReturnType<typeof stateAskingPorts>,
        'state_stream' | 'state_kept' | 'state_moved'
      >
  > {
  readonly state_stream?: Expr<'u'>;
  readonly state_kept?: Expr<'u'>;
  readonly state_moved?: Expr<'u'>;
}

/** Which register a bus asks for. */
interface Asked {
  readonly writes: (register: RegisterName) => Expr<'u'>;
  readonly reads: (register: RegisterName) => Expr<'u'>;
}

type Written = Signals<'write_data' | 'write_strobes'>;

/** The registers of states of a design whose states can be reached; null of any other. */
export function statesIn(
  m: Scope,
  io: Signals<'clk' | 'rst' | 'soft_reset'>,
  own: Written,
  sizes: StateSizes | undefined,
  at: Asked,
): StateRegisters | null {
  return sizes === undefined ? null : stateRegisters(m, io as StateSignals, own, sizes, at);
}

/** Registers of states: where the next one is, and what goes to and fro. */
function stateRegisters(
  m: Scope,
  io: StateSignals,
  own: Written,
  { indexBits, streams }: StateSizes,
  at: Asked,
): StateRegisters {
  const part = own.write_strobes.all().not();
  const field = (name: string) => fieldOf('STATE_ADDRESS', name).low;
  const parts = [
    { low: field('INDEX'), bits: indexBits, register: io.state_index },
    { low: field('STREAM'), bits: bitsOf(streams), register: io.state_stream },
    { low: field('KEPT'), bits: 1, register: io.state_kept },
  ].filter((one) => one.register !== undefined) as readonly {
    readonly low: number;
    readonly bits: number;
    readonly register: Expr<'u'>;
  }[];
  const has = parts.reduce((sum, { low, bits }) => sum + (2 ** bits - 1) * 2 ** low, 0);

  m.comment('States: one access at a time, by the core; the index goes on behind each.');
  const readAsked = m.wire('state_read_asked', at.reads('STATE_DATA'));
  m.assign(io.state_read, readAsked);
  const partOfWord = m.wire('part_of_state', allOf(at.writes('STATE_DATA'), part));
  m.assign(io.state_write, allOf(at.writes('STATE_DATA'), part.not()));
  m.assign(io.state_data, own.write_data);
  const moves = m.wire('moves', at.writes('STATE_ADDRESS'));
  const nowhere = m.wire(
    'nowhere',
    allOf(
      moves,
      anyOf(part, own.write_data.and(literal(2 ** REGISTER_BITS - 1 - has, REGISTER_BITS)).any()),
    ),
    'part of a word, or bits that the address has not',
  );
  // a read under way keeps its index
  const moved = m.wire('moved', allOf(moves, nowhere.not(), readAsked.not()));
  if (io.state_moved) m.assign(io.state_moved, moved);
  const done = m.wire('state_done', anyOf(io.state_read_done, io.state_write_done));
  const refused = m.wire('state_refused', io.state_cause.any());
  const cause = m.reg('state_refusal', uint(STATE_CAUSE_BITS), 'the first since the index was set');
  m.always(
    io.clk,
    [
      when(
        anyOf(io.rst, io.soft_reset),
        [
          ...parts.map(({ register, bits }) => set(register, literal(0, bits))),
          set(cause, literal(0, STATE_CAUSE_BITS)),
        ],
        [
          when(
            moved,
            [
              ...parts.map(({ register, low, bits }) =>
                set(register, own.write_data.part(low, bits)),
              ),
              set(cause, literal(0, STATE_CAUSE_BITS)),
            ],
            [
              when(done, [
                when(
                  refused,
                  [when(cause.any().not(), [set(cause, io.state_cause)])],
                  [set(io.state_index, io.state_index.increment())],
                ),
              ]),
            ],
          ),
        ],
      ),
    ],
    'Where the next state is.',
  );
  return {
    address: placed('STATE_ADDRESS', {
      INDEX: io.state_index,
      ...(io.state_stream && { STREAM: io.state_stream }),
      ...(io.state_kept && { KEPT: io.state_kept }),
    }),
    data: io.state_value.and(repeat(REGISTER_BITS, refused.not())),
    cause,
    writeWaits: anyOf(
      allOf(moves, nowhere.not(), readAsked),
      allOf(io.state_write, io.state_write_done.not()),
    ),
    readWaits: allOf(readAsked, io.state_read_done.not()),
    writeRefused: anyOf(nowhere, partOfWord, allOf(io.state_write, refused)),
    readRefused: allOf(readAsked, refused),
  };
}
