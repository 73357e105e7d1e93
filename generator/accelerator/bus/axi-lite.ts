import {
  allOf,
  anyOf,
  bit,
  type Expr,
  input,
  literal,
  output,
  type Statement,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { BUS_ADDRESS_BITS, REGISTER_BITS, REGISTER_NUMBER_BITS } from './register-map.js';

/** Answers on the bus. */
export const RESPONSES = { okay: 0, slaveError: 2 } as const;

/** Ports of an AXI4-Lite slave. */
export function axiLitePorts() {
  const address = uint(BUS_ADDRESS_BITS);
  const data = uint(REGISTER_BITS);
  return {
    s_axil_awaddr: input(address, 'byte address of a write; bits 1 and 0 are ignored'),
    s_axil_awprot: input(uint(3), 'ignored'),
    s_axil_awvalid: input(bit),
    s_axil_awready: output(bit),
    s_axil_wdata: input(data),
    s_axil_wstrb: input(uint(REGISTER_BITS / 8), 'bytes that are written'),
    s_axil_wvalid: input(bit),
    s_axil_wready: output(bit),
    s_axil_bresp: output(uint(2), '0: done, 2: refused'),
    s_axil_bvalid: output(bit),
    s_axil_bready: input(bit),
    s_axil_araddr: input(address, 'byte address of a read; bits 1 and 0 are ignored'),
    s_axil_arprot: input(uint(3), 'ignored'),
    s_axil_arvalid: input(bit),
    s_axil_arready: output(bit),
    s_axil_rdata: output(data),
    s_axil_rresp: output(uint(2), '0: done, 2: refused'),
    s_axil_rvalid: output(bit),
    s_axil_rready: input(bit),
  };
}

type AxiLiteSignals = Readonly<Record<keyof ReturnType<typeof axiLitePorts>, Expr<'u'>>>;

/** The signals of such ports among those of a module. */
export function axiLiteOf(io: AxiLiteSignals): AxiLiteSignals {
  const names = Object.keys(axiLitePorts()) as (keyof AxiLiteSignals)[];
  return Object.fromEntries(names.map((name) => [name, io[name]])) as AxiLiteSignals;
}

const [zero, one] = [literal(0, 1), literal(1, 1)];

/**
 * The handshakes of an AXI4-Lite slave: one write and one read at a time, as accesses of numbered registers. `waits`: there are
 * registers whose read takes longer than a cycle.
 */
export function axiLite(prefix: string, waits = false) {
  return defineBlock({
    name: `${prefix}_axi_lite`,
    doc: `Handshakes of an AXI4-Lite slave of 32 bits: one write and one read at a time, address and data of a write in any order, all outputs registered. A write is offered until it is done, a read ${waits ? 'too' : 'is answered in the cycle in which it is offered'}. A read and a write every third cycle at most.`,
    parameters: {},
    waivers: ['write_number', 'write_data', 'write_strobes', 'read_number'].map((path) => ({
      ...{ code: 'NO_RESET', path },
      why: 'set with the flag beside which alone it is looked at',
    })),
    ports: () => ({
      clk: input(bit),
      rst: input(bit),
      ...axiLitePorts(),
      write: output(bit, 'a write is offered'),
      write_number: output(uint(REGISTER_NUMBER_BITS), 'register'),
      write_data: output(uint(REGISTER_BITS)),
      write_strobes: output(uint(REGISTER_BITS / 8), 'its bytes that are written'),
      write_done: input(bit, 'it ends in this cycle'),
      write_refused: input(bit, 'with an error'),
      ...(waits
        ? {
            read: output(bit, 'a read is offered'),
            read_done: input(bit, 'it ends in this cycle'),
          }
        : {}),
      read_number: output(uint(REGISTER_NUMBER_BITS), 'register'),
      read_data: input(uint(REGISTER_BITS), 'what it holds'),
      read_refused: input(bit, 'there is none'),
    }),
    body: (m, _p, io) => {
      const hasAddress = m.reg('has_address', uint(1), 'of a write');
      const hasData = m.reg('has_data', uint(1));
      const reads = m.reg('reads', uint(1), 'a read is offered');
      m.unused('protection', io.s_axil_awprot, io.s_axil_arprot);
      m.unused('lanes', io.s_axil_awaddr.part(0, 2), io.s_axil_araddr.part(0, 2));
      m.assign(io.write, allOf(hasAddress, hasData));
      if (io.read) m.assign(io.read, reads);
      const answered = io.read_done ? allOf(reads, io.read_done) : reads;
      const number = (address: Expr<'u'>) => address.part(2, REGISTER_NUMBER_BITS);
      const response = (refused: Expr<'u'>) =>
        refused.choose(literal(RESPONSES.slaveError, 2), literal(RESPONSES.okay, 2));
      /** Takes what a channel offers, and is ready for it where nothing of it is held and no answer is out. */
      const taken = (
        channel: Readonly<Record<'valid' | 'ready' | 'held' | 'free', Expr<'u'>>>,
        what: readonly Statement[],
      ): Statement =>
        when(
          allOf(channel.valid, channel.ready),
          [set(channel.ready, zero), set(channel.held, one), ...what],
          [when(allOf(channel.held.not(), channel.free), [set(channel.ready, one)])],
        );
      const writeFree = m.wire('write_free', anyOf(io.s_axil_bvalid.not(), io.s_axil_bready));
      const readFree = m.wire('read_free', anyOf(io.s_axil_rvalid.not(), io.s_axil_rready));
      m.always(
        io.clk,
        [
          when(
            io.rst,
            [io.s_axil_awready, io.s_axil_wready, io.s_axil_bvalid, hasAddress, hasData]
              .map((flag) => set(flag, zero))
              .concat(set(io.s_axil_bresp, literal(RESPONSES.okay, 2))),
            [
              when(io.s_axil_bready, [set(io.s_axil_bvalid, zero)]),
              taken(
                {
                  ...{ valid: io.s_axil_awvalid, ready: io.s_axil_awready },
                  ...{ held: hasAddress, free: writeFree },
                },
                [set(io.write_number, number(io.s_axil_awaddr))],
              ),
              taken(
                {
                  ...{ valid: io.s_axil_wvalid, ready: io.s_axil_wready },
                  ...{ held: hasData, free: writeFree },
                },
                [set(io.write_data, io.s_axil_wdata), set(io.write_strobes, io.s_axil_wstrb)],
              ),
              when(allOf(io.write, io.write_done), [
                ...[set(hasAddress, zero), set(hasData, zero)],
                set(io.s_axil_bvalid, one),
                set(io.s_axil_bresp, response(io.write_refused)),
              ]),
            ],
          ),
        ],
        'Writes.',
      );
      m.always(
        io.clk,
        [
          when(
            io.rst,
            [
              ...[io.s_axil_arready, io.s_axil_rvalid, reads].map((flag) => set(flag, zero)),
              set(io.s_axil_rdata, literal(0, REGISTER_BITS)),
              set(io.s_axil_rresp, literal(RESPONSES.okay, 2)),
            ],
            [
              when(io.s_axil_rready, [set(io.s_axil_rvalid, zero)]),
              taken(
                {
                  ...{ valid: io.s_axil_arvalid, ready: io.s_axil_arready },
                  ...{ held: reads, free: readFree },
                },
                [set(io.read_number, number(io.s_axil_araddr))],
              ),
              when(answered, [
                ...[set(reads, zero), set(io.s_axil_rvalid, one)],
                set(io.s_axil_rdata, io.read_data),
                set(io.s_axil_rresp, response(io.read_refused)),
              ]),
            ],
          ),
        ],
        'Reads.',
      );
    },
  });
}

export type AxiLite = ReturnType<typeof axiLite>;
