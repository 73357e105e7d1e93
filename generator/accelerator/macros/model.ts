import {
  actsLow,
  type ControlPin,
  canRead,
  canWrite,
  type Macro,
  type MacroAccess,
  pinName,
  pinsOf,
} from '../../devices/macros/macro.js';
import {
  defineModule,
  type Expr,
  high,
  input,
  literal,
  output,
  type Port,
  repeat,
  type Scope,
  type Statement,
  set,
  type TypedModule,
  uint,
  when,
} from '../../hdl/index.js';

type Pin = (name: string) => Expr<'u'>;

/** A port with what it does in a cycle. */
interface Acting {
  readonly access: MacroAccess;
  readonly address: Expr<'u'>;
  /** Null: it never does. */
  readonly writes: Expr<'u'> | null;
  readonly reads: Expr<'u'> | null;
}

/**
 * What a macro does, for simulation: no part of a chip. It is as unkind as its data sheet may be: words that nothing has written
 * are not zero, a word that is read while it is written comes out inverted, and so does what a port reads that writes.
 */
export function macroModel(macro: Macro): TypedModule {
  const { name, words, bits } = macro;
  const pins = pinsOf(macro);
  return defineModule({
    name,
    doc: `Model of a memory macro of ${words} words of ${bits} bits, for simulation in place of the macro itself. Latency: one cycle; data out keep their value while nothing is read. Words that nothing has written alternate ones and zeros; a word that is read while it is written is inverted. All ports have one clock.`,
    parameters: {},
    ports: () =>
      Object.fromEntries(
        pins.map((pin): [string, Port] => [
          pin.name,
          pin.use === 'dataOut'
            ? output(uint(pin.bits))
            : input(uint(pin.bits), pin.use === 'tie' ? 'tied' : ''),
        ]),
      ),
    body: (m, _, io) => {
      const pin: Pin = (of) => io[of] as Expr<'u'>;
      const kept = m.memory('model_words', bits, words, null, 'every second bit inverted');
      const start = m.wire('model_start', literal(alternating(bits), bits), 'an unwritten word');
      const ports = macro.ports.map((access, k) => acting(m, access, k, pin));
      const statements = ports.flatMap((port, k): readonly Statement[] => [
        ...(port.writes === null
          ? []
          : [when(port.writes, [written(m, macro, port, k, kept.at(port.address), start, pin)])]),
        ...readStatements(m, ports, k, kept.at(port.address).xor(start), pin),
      ]);
      m.always(pin((macro.ports[0] as MacroAccess).clock), statements);
      const unread = [
        ...macro.ports.slice(1).map(({ clock }) => clock),
        ...Object.keys(macro.ties ?? {}),
      ];
      if (unread.length > 0) m.unused('model_pins', ...unread.map(pin));
    },
  });
}

/** A port of a model: its clock, and its wires that are high in a cycle with a write, and with a read; null: it has none. */
export interface ModelPort {
  readonly clock: string;
  readonly writes: string | null;
  readonly reads: string | null;
}

/** Where the model of a macro shows what its ports do, port by port. */
export function modelPorts({ ports }: Macro): readonly ModelPort[] {
  return ports.map((access, k) => ({
    clock: access.clock,
    writes: canWrite(access) ? writesWire(k) : null,
    reads: canRead(access) ? readsWire(k) : null,
  }));
}

function writesWire(port: number): string {
  return `model_write_${port}`;
}

function readsWire(port: number): string {
  return `model_read_${port}`;
}

/** ...0101: every second bit of a word. */
function alternating(bits: number): bigint {
  return (4n ** BigInt(Math.ceil(bits / 2)) - 1n) / 3n;
}

function acting(m: Scope, access: MacroAccess, k: number, pin: Pin): Acting {
  const level = (control: ControlPin | undefined): Expr<'u'> | null => {
    if (control === undefined) return null;
    const value = pin(pinName(control));
    return actsLow(control) ? value.not() : value;
  };
  const all = (...terms: readonly (Expr<'u'> | null)[]): Expr<'u'> => {
    const known = terms.filter((term) => term !== null);
    return known.length === 0 ? high : known.reduce((a, b) => a.and(b));
  };
  const enable = level(access.enable);
  const writeEnable = level(access.writeEnable);
  const writes = canWrite(access) ? m.wire(writesWire(k), all(enable, writeEnable)) : null;
  const readEnable = level(access.readEnable) ?? writeEnable?.not() ?? null;
  const reads = canRead(access) ? m.wire(readsWire(k), all(enable, readEnable)) : null;
  return { access, address: pin(access.address), writes, reads };
}

/** The word with those of its bits replaced that the mask lets through. */
function written(
  m: Scope,
  { bits }: Macro,
  { access }: Acting,
  k: number,
  word: Expr<'u'>,
  start: Expr<'u'>,
  pin: Pin,
): Statement {
  const data = m.wire(`model_data_${k}`, pin(access.dataIn as string).xor(start));
  if (access.mask === undefined) return set(word, data);
  const given = pin(access.mask.pin);
  const each = access.mask.bits;
  const named = m.wire(`model_chosen_${k}`, actsLow(access.mask) ? given.not() : given);
  if (each === 1) return set(word, word.and(named.not()).or(data.and(named)));
  const mask = m.net(`model_mask_${k}`, uint(bits), 'bits that are written');
  m.forEach(`model_byte_${k}`, bits / each, (byte, inner) =>
    inner.assign(mask.part(byte.times(each), each), repeat(each, named.bit(byte))),
  );
  return set(word, word.and(mask.not()).or(data.and(mask)));
}

/** What comes out of a port, `word` being the one at its address. */
function readStatements(
  m: Scope,
  ports: readonly Acting[],
  k: number,
  word: Expr<'u'>,
  pin: Pin,
): readonly Statement[] {
  const { access, address, reads, writes } = ports[k] as Acting;
  if (reads === null) return [];
  const data = pin(access.dataOut as string);
  const clashes = ports.flatMap((other, n) => {
    if (other.writes === null) return [];
    return n === k ? [other.writes] : [other.writes.and(other.address.eq(address))];
  });
  const lost = writes !== null && access.readEnable === undefined ? [writes] : [];
  const clash = clashes.reduce<Expr<'u'> | null>((a, b) => (a === null ? b : a.or(b)), null);
  const read =
    clash === null
      ? [set(data, word)]
      : [
          when(
            m.wire(`model_clash_${k}`, clash, 'the word that is read is being written'),
            [set(data, word.not())],
            [set(data, word)],
          ),
        ];
  return [
    when(reads, read),
    // without a read enable nothing says what a write leaves in data out
    ...lost.map((write) => when(write, [set(data, word.not())])),
  ];
}
