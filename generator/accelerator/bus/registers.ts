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
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { placeBits } from '../load/bus.js';
import { CAUSE_BITS } from '../load/causes.js';
import { stateAskingPorts } from '../states/ports.js';
import { axiLite, axiLiteOf, axiLitePorts } from './axi-lite.js';
import { loaderPorts, loadWord, modelRegister } from './loader-registers.js';
import { placed } from './placed.js';
import {
  BUS_ID,
  BUS_VERSION,
  type BusFeatures,
  ERROR_COUNT_BITS,
  fieldOf,
  IRQ_CAUSES,
  offsetOf,
  REGISTER_BITS,
  REGISTER_NUMBER_BITS,
  type RegisterField,
  type RegisterName,
  registersOf,
} from './register-map.js';
import { statesIn } from './state-registers.js';

/** What the registers of a design are made for. */
export interface RegistersOptions extends BusFeatures {
  /** Of the design. */
  readonly name: string;
  /** 128 bits of the hash of what a load is for, in words of 32 bits. */
  readonly hash: readonly number[];
}

const word = (value: number): Expr<'u'> => literal(value, REGISTER_BITS);
const [zero, one] = [literal(0, 1), literal(1, 1)];

/** What is known of faults in memories. */
function memoryPorts() {
  return { memory_error: input(bit), memory_error_count: input(uint(ERROR_COUNT_BITS)) };
}

/** The registers of a design behind an AXI4-Lite slave. */
export function busRegisters({ name, loaded, places, protect, states, hash }: RegistersOptions) {
  const features = { loaded, places, protect, ...(states && { states }) };
  const registers = registersOf(features);
  const port = axiLite(name, states !== undefined);
  return defineBlock({
    name: `${name}_registers`,
    doc: `Registers of 32 bits behind an AXI4-Lite slave: ${registers.map((r) => r.name).join(', ')}. An access of another address, a write of one that cannot be written or of a value that cannot be, is refused and changes nothing.`,
    parameters: {},
    ports: () => ({
      clk: input(bit),
      rst: input(bit),
      ...axiLitePorts(),
      irq: output(bit, 'an enabled cause has come; stays until it is cleared'),
      busy: input(bit),
      cycles: input(uint(REGISTER_BITS)),
      error: input(bit),
      error_count: input(uint(ERROR_COUNT_BITS)),
      frame_left: input(bit, 'the last beat of an output frame leaves'),
      soft_reset: output(bit, 'the core begins anew'),
      ...(protect ? memoryPorts() : {}),
      ...(loaded ? loaderPorts(places) : {}),
      ...(places > 1 ? { model: output(uint(placeBits(places)), 'for utterances') } : {}),
      ...(states ? stateAskingPorts(states) : {}),
    }),
    body: (m, _p, io) => {
      const own = {
        write: m.net('write', uint(1)),
        write_number: m.net('write_number', uint(REGISTER_NUMBER_BITS)),
        write_data: m.net('write_data', uint(REGISTER_BITS)),
        write_strobes: m.net('write_strobes', uint(REGISTER_BITS / 8)),
        ...(states ? { read: m.net('read', uint(1)) } : {}),
        read_number: m.net('read_number', uint(REGISTER_NUMBER_BITS)),
      };
      const given = m.wire(
        'given',
        own.write_data
          .part(0, IRQ_CAUSES.length)
          .and(repeat(IRQ_CAUSES.length, own.write_strobes.bit(0))),
        'bits that are written as 1, of the low ones',
      );
      const is = (register: RegisterName, number: Expr<'u'>) => number.eq(offsetOf(register) / 4);
      const writes = (register: RegisterName) => allOf(own.write, is(register, own.write_number));
      const acts = (register: RegisterName, field: RegisterField) =>
        allOf(writes(register), given.bit(field.low));

      const resets = m.wire('resets', acts('CONTROL', fieldOf('CONTROL', 'RESET')));
      m.always(
        io.clk,
        [when(io.rst, [set(io.soft_reset, zero)], [set(io.soft_reset, resets)])],
        'A cycle of reset.',
      );
      const frames = m.reg('frames', uint(REGISTER_BITS), 'output frames that left');
      const errorsBefore = m.reg('errors_before', uint(ERROR_COUNT_BITS));
      m.always(
        io.clk,
        [
          when(
            anyOf(io.rst, io.soft_reset),
            [set(frames, word(0)), set(errorsBefore, literal(0, ERROR_COUNT_BITS))],
            [
              when(io.frame_left, [set(frames, frames.increment())]),
              set(errorsBefore, io.error_count),
            ],
          ),
        ],
        'Counts.',
      );
      const discarded = m.wire('discarded', io.error_count.ne(errorsBefore), 'one more frame was');

      const enable = m.reg('irq_enable', uint(IRQ_CAUSES.length));
      const status = m.reg('irq_status', uint(IRQ_CAUSES.length));
      const causes = m.wire(
        'causes',
        concat(discarded, io.frame_left, io.load_refused ?? zero, io.load_done ?? zero),
        `what comes in this cycle: ${IRQ_CAUSES.map((c) => c.name)
          .reverse()
          .join(', ')}`,
      );
      const writesEnable = m.wire('writes_enable', writes('IRQ_ENABLE'));
      const writesStatus = m.wire('writes_status', writes('IRQ_STATUS'));
      const cleared = m.wire(
        'cleared',
        repeat(IRQ_CAUSES.length, writesStatus).and(given),
        'a cause that comes in the same cycle stays',
      );
      m.always(
        io.clk,
        [
          when(
            io.rst,
            [
              set(enable, literal(0, IRQ_CAUSES.length)),
              set(status, literal(0, IRQ_CAUSES.length)),
              set(io.irq, zero),
            ],
            [
              when(allOf(writesEnable, own.write_strobes.bit(0)), [set(enable, given)]),
              set(status, status.and(cleared.not()).or(causes)),
              set(io.irq, status.and(enable).any()),
            ],
          ),
        ],
        'Interrupts.',
      );

      if (!loaded && !states) {
        m.unused(
          'bytes',
          own.write_data.part(IRQ_CAUSES.length, REGISTER_BITS - IRQ_CAUSES.length),
          own.write_strobes.part(1, REGISTER_BITS / 8 - 1),
        );
      }
      const model = modelRegister(m, io, places, own, writes('MODEL'));
      const load = loadWord(m, io, own, { writes: writes('LOAD'), acts });
      const state = statesIn(m, io, own, states, {
        writes,
        reads: (register) => allOf(own.read ?? zero, is(register, own.read_number)),
      });
      const values: Readonly<Record<RegisterName, Expr<'u'>>> = {
        ...{ ID: word(BUS_ID), VERSION: word(BUS_VERSION) },
        ...{ HASH0: word(hash[0] ?? 0), HASH1: word(hash[1] ?? 0) },
        ...{ HASH2: word(hash[2] ?? 0), HASH3: word(hash[3] ?? 0) },
        STATUS: placed('STATUS', {
          ...{ BUSY: io.busy, FRAME_ERROR: io.error, LOAD_ERROR: io.load_error ?? zero },
          ...{
            LOADING: io.loading ?? zero,
            LOAD_BUS: allOf(io.loading ?? zero, io.load_bus ?? zero),
          },
          ...{
            LOAD_WAITS: io.load_waits ?? zero,
            LOAD_SKIPS: io.load_skips ?? zero,
            ...(io.memory_error && { MEMORY_ERROR: io.memory_error }),
            LOADED: io.loaded ?? one,
            ...(states && { STATES: one }),
          },
        }),
        CONTROL: word(0),
        MODEL: model.value,
        CYCLES: io.cycles,
        FRAMES: frames,
        ERROR_CAUSE: placed('ERROR_CAUSE', {
          ...{ LOAD: io.load_cause ?? literal(0, CAUSE_BITS), FRAME: io.error },
          ...(state && { STATE: state.cause }),
        }),
        ERROR_COUNT: io.error_count.resize(REGISTER_BITS),
        IRQ_ENABLE: enable.resize(REGISTER_BITS),
        IRQ_STATUS: status.resize(REGISTER_BITS),
        LOAD: word(0),
        STATE_ADDRESS: state?.address ?? word(0),
        STATE_DATA: state?.data ?? word(0),
        MEMORY_ERROR_COUNT: io.memory_error_count?.resize(REGISTER_BITS) ?? word(0),
      };
      const among = (number: Expr<'u'>, some: readonly { readonly name: RegisterName }[]) =>
        anyOf(...some.map((register) => is(register.name, number)));
      const shown = registers.filter(({ access }) => access !== 'act' && access !== 'word');
      const readData = m.wire(
        'read_data',
        anyOf(
          ...shown.map((register) =>
            repeat(REGISTER_BITS, is(register.name, own.read_number)).and(values[register.name]),
          ),
        ),
        'the word of the register asked for; 0 where there is none to see',
      );
      const unread = among(own.read_number, registers).not();
      const readRefused = m.wire('read_refused', state ? anyOf(unread, state.readRefused) : unread);
      const writable = registers.filter((register) => register.access !== 'read');
      const writeRefused = m.wire(
        'write_refused',
        anyOf(
          among(own.write_number, writable).not(),
          ...model.refused,
          ...load.refused,
          ...(state ? [state.writeRefused] : []),
        ),
      );
      m.instance('u_axi_lite', port, {
        ...axiLiteOf(io as Parameters<typeof axiLiteOf>[0]),
        ...{ clk: io.clk, rst: io.rst, ...own },
        write_done: state ? allOf(load.done, state.writeWaits.not()) : load.done,
        ...(state ? { read_done: state.readWaits.not() } : {}),
        write_refused: writeRefused,
        read_data: readData,
        read_refused: readRefused,
      });
    },
  });
}

export type BusRegisters = ReturnType<typeof busRegisters>;
