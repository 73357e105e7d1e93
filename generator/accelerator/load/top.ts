import {
  allOf,
  anyOf,
  bit,
  concat,
  type Expr,
  input,
  literal,
  type Module,
  output,
  type Scope,
  set,
  uint,
  when,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { streamsText, topPorts } from '../build/ports.js';
import { traceOption } from '../build/trace.js';
import { attachBus, busTopPorts, hasBus } from '../bus/attach.js';
import { enginesOf, type Hardware, isChain, lastEngine } from '../chain/chain.js';
import { chainCore } from '../chain/core.js';
import { chainPorts } from '../chain/ports.js';
import { core } from '../core/core.js';
import { keepMemoryErrors, memoryErrorPorts, protectedCore } from '../protect/protected-core.js';
import { placeBits } from './bus.js';
import { CAUSE_BITS } from './causes.js';
import { flagOf, modelGate, onlyAt } from './gate.js';
import { loadLayout } from './layout.js';
import { loader } from './loader.js';
import { residentsOf, wired } from './wired.js';

/** Whether the model of a design comes in through a load port. */
export function isLoaded(hardware: Hardware): boolean {
  return enginesOf(hardware)[0].weights === 'loaded';
}

/** Ports of a top whose model is loaded, beside those of the streams. */
export function loadPorts(hardware: Hardware) {
  const residents = residentsOf(hardware);
  return {
    ...(residents > 1 && !hasBus(hardware)
      ? { model: input(uint(placeBits(residents)), 'of the utterance, with s_axis_tuser[0]') }
      : {}),
    s_load_tdata: input(uint(loadBitsOf(hardware)), 'bytes of a load, the first one low'),
    s_load_tvalid: input(bit),
    s_load_tready: output(bit),
    s_load_tlast: input(bit, 'may end a record; within one, the load is cut'),
    loaded: output(
      uint(residents),
      residents > 1 ? 'per place: a model is there' : 'a model is there',
    ),
    load_error: output(bit, 'a load was refused since the last one that ended well'),
    load_cause: output(uint(CAUSE_BITS), 'why'),
  };
}

/** Bits of a beat of the load port. */
export function loadBitsOf(hardware: Hardware): number {
  return enginesOf(hardware)[0].loadBits ?? 32;
}

/** The synthesis top of a design whose model is loaded: loader and core, which is held in reset until a whole model is there. */
export function loadedTop(hardware: Hardware) {
  const layout = loadLayout(hardware);
  const residents = residentsOf(hardware);
  const { name } = hardware;
  const inner: Module = isChain(hardware) ? chainCore(hardware) : core(hardware);
  const coreModule = protectedCore(wired(inner, hardware, layout), hardware);
  const bits = loadBitsOf(hardware);
  const load = loader({ name, layout, bits, residents, controlled: hasBus(hardware) });
  const gate = residents > 1 ? modelGate(name, residents) : null;
  const trace = Object.entries(coreModule.ports).filter(([port]) => port.startsWith('trace_'));
  const streams = isChain(hardware) ? chainPorts(hardware) : topPorts(hardware);
  return defineBlock({
    name,
    doc: `Sparse recurrent accelerator whose model comes in on s_load. ${streamsText(lastEngine(hardware))} None is taken before a whole model is there.`,
    parameters: { TRACE: traceOption(0) },
    ports: () => ({
      ...streams,
      ...loadPorts(hardware),
      ...memoryErrorPorts(hardware),
      ...busTopPorts(hardware),
    }),
    body: (m, p, io) => {
      const widths = load.ports;
      const bus = {
        store_write: m.net('store_write', uint(1), 'a word for a store'),
        store_number: m.net('store_number', uint(widths.store_number?.type.width ?? 1)),
        store_address: m.net('store_address', uint(widths.store_address?.type.width ?? 1)),
        store_data: m.net('store_data', uint(widths.store_data?.type.width ?? 1)),
        ...(residents > 1 ? { store_place: m.net('store_place', uint(placeBits(residents))) } : {}),
      };
      const starts = io.s_axis_tuser.bit(0);
      const all = io as Readonly<Record<string, Expr<'u'>>>;
      const attached = hasBus(hardware) ? attachBus(m, all, hardware, bits) : null;
      const reset = attached === null ? io.rst : m.wire('anew', anyOf(io.rst, attached.softReset));
      const chosen = gate === null ? null : m.net('chosen', uint(placeBits(residents)));
      const ready = m.net('core_ready', uint(1));
      const open = gate === null ? null : m.net('passes', uint(1), 'a beat may go to the core');
      const restart = gate === null ? null : m.net('restart', uint(1));
      const there = m.wire(
        'there',
        chosen === null ? io.loaded : flagOf(io.loaded, chosen, residents),
        'a whole model is there',
      );
      const coreReset = m.wire(
        'core_rst',
        anyOf(reset, there.not(), ...(restart === null ? [] : [restart])),
      );
      const valid =
        open === null ? io.s_axis_tvalid : m.wire('core_valid', allOf(io.s_axis_tvalid, open));
      m.assign(io.s_axis_tready, open === null ? ready : allOf(ready, open));
      const active = m.wire(
        'active',
        anyOf(io.busy, allOf(valid, ready)),
        'a frame is in the core, or begins in this cycle',
      );
      m.instance('u_loader', load, {
        ...{ clk: io.clk, rst: io.rst, ...bus },
        ...{ s_load_tdata: io.s_load_tdata, s_load_tvalid: io.s_load_tvalid },
        ...{ s_load_tready: io.s_load_tready, s_load_tlast: io.s_load_tlast },
        in_use: chosen === null ? active : onlyAt(chosen, active, residents),
        ...{ loaded: io.loaded, load_error: io.load_error, load_cause: io.load_cause },
        ...attached?.loader,
      } as Parameters<typeof m.instance<typeof load>>[2]);
      const model = attached?.model ?? io.model;
      if (gate !== null && model && chosen && open && restart) {
        m.instance('u_gate', gate, {
          ...{ clk: io.clk, rst: reset, model, loaded: io.loaded },
          ...{ valid: io.s_axis_tvalid, starts, last: io.s_axis_tlast, ready },
          ...{ busy: io.busy, passes: open, chosen, restart },
        });
      }
      const own = {
        cycles: m.net('core_cycles', uint(32)),
        error: m.net('core_error', uint(1)),
        error_count: m.net('core_error_count', uint(16)),
      };
      const faults = keepMemoryErrors(m, all, hardware, { rst: reset, core_rst: coreReset });
      const shown = Object.fromEntries(trace.map(([port, { type }]) => [port, m.net(port, type)]));
      const outer = Object.fromEntries(
        Object.keys(streams).map((port) => [port, (io as Record<string, Expr>)[port]]),
      );
      m.instance(
        'u_core',
        coreModule,
        {
          ...outer,
          ...{ rst: coreReset, s_axis_tvalid: valid, s_axis_tready: ready },
          ...own,
          ...bus,
          ...(chosen === null ? {} : { model: chosen }),
          ...attached?.states,
          ...shown,
          ...faults,
        } as Record<string, Expr>,
        { TRACE: p.TRACE },
      );
      m.unused('trace', ...Object.values(shown));
      countersBeyondResets(m, { ...io, rst: reset }, coreReset, own);
    },
  });
}

/** Counters that the core begins anew with each model go on here. */
function countersBeyondResets(
  m: Scope,
  io: Readonly<Record<'clk' | 'rst' | 'busy' | 'cycles' | 'error' | 'error_count', Expr<'u'>>>,
  coreReset: Expr<'u'>,
  own: Readonly<Record<'cycles' | 'error' | 'error_count', Expr<'u'>>>,
): void {
  const before = m.reg('count_before', uint(16), 'errors with models before');
  const sum = m.wire('count', concat(literal(0, 1), before).addWrap(own.error_count.resize(17)));
  m.assign(io.error_count, sum.bit(16).choose(literal(0xff_ff, 16), sum.part(0, 16)));
  m.assign(io.error, anyOf(own.error, before.any()));
  m.unused('cycles', own.cycles);
  m.always(
    io.clk,
    [
      when(
        io.rst,
        [set(before, literal(0, 16)), set(io.cycles, literal(0, 32))],
        [
          when(coreReset, [set(before, io.error_count)]),
          when(io.busy, [set(io.cycles, io.cycles.increment())]),
        ],
      ),
    ],
    'A model that is loaded starts the core anew, but no counter.',
  );
}
