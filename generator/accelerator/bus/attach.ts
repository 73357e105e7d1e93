import { allOf, anyOf, bit, type Expr, output, type Scope, uint } from '../../hdl/index.js';
import { enginesOf, type Hardware } from '../chain/chain.js';
import { placeBits } from '../load/bus.js';
import { hashWords, loadLayout } from '../load/layout.js';
import { LOAD_WORD } from '../load/rows.js';
import type { Configuration } from '../plan/configuration.js';
import { stateAskedPorts } from '../states/ports.js';
import { stateSizes } from '../states/sizes.js';
import { axiLiteOf, axiLitePorts } from './axi-lite.js';
import { loadArbiter } from './load-arbiter.js';
import type { BusFeatures } from './register-map.js';
import { busRegisters } from './registers.js';

type Stored = Pick<Configuration, 'weights' | 'residents' | 'protect'>;

/** Whether a design has registers behind a bus. */
export function hasBus(hardware: Hardware): boolean {
  return enginesOf(hardware)[0].bus !== undefined;
}

/** What the registers of a design speak of. */
export function busFeatures(hardware: Hardware): BusFeatures {
  const [c] = enginesOf(hardware);
  const { weights, residents, protect }: Stored = c;
  return {
    loaded: weights === 'loaded',
    places: residents ?? 1,
    protect: protect !== undefined,
    ...(c.busStates && { states: stateSizes(c) }),
  };
}

/** Words of HASH0 to HASH3. */
export function busHash(hardware: Hardware): readonly number[] {
  return hashWords(loadLayout(hardware));
}

/** Ports that registers bring to the top of a design; none where it has no bus. */
export function busTopPorts(hardware: Hardware) {
  if (!hasBus(hardware)) return {};
  return { ...axiLitePorts(), irq: output(bit, 'an enabled cause has come') };
}

type Signals = Readonly<Record<string, Expr<'u'>>>;

/** What the registers give to the rest of the top. */
export interface Attached {
  /** The core begins anew. */
  readonly softReset: Expr<'u'>;
  /** The place that utterances ask for. */
  readonly model: Expr<'u'> | null;
  /** Connections of the loader. */
  readonly loader: Signals;
  /** Connections of the core by which its states are reached. */
  readonly states: Signals;
}

/**
 * Puts the registers, and in front of a loader the arbiter, into the top of a design.
 * `io`: the ports of the top.
 */
export function attachBus(
  m: Scope,
  io: Signals,
  hardware: Hardware,
  loadBits: number | null,
): Attached {
  const { name } = hardware;
  const features = busFeatures(hardware);
  const registers = busRegisters({ ...features, name, hash: busHash(hardware) });
  const softReset = m.net('soft_reset', uint(1), 'the core begins anew');
  const model = features.places > 1 ? m.net('model', uint(placeBits(features.places))) : null;
  const states = stateSignals(m, features);
  const load = loadBits === null ? null : arbitrated(m, io, name, loadBits);
  m.instance('u_registers', registers, {
    ...axiLiteOf(io as Parameters<typeof axiLiteOf>[0]),
    ...{ clk: io.clk, rst: io.rst, irq: io.irq, soft_reset: softReset },
    ...{ busy: io.busy, cycles: io.cycles, error: io.error, error_count: io.error_count },
    frame_left: m.wire(
      'frame_left',
      allOf(...['m_axis_tvalid', 'm_axis_tready', 'm_axis_tlast'].map((port) => signal(io, port))),
      'the last beat of an output frame leaves',
    ),
    ...(features.protect && {
      memory_error: io.memory_error,
      memory_error_count: io.memory_error_count,
    }),
    ...load?.registers,
    ...states,
    ...(model === null ? {} : { model }),
  } as Parameters<typeof m.instance<typeof registers>>[2]);
  return { softReset, model, loader: load?.loader ?? {}, states };
}

/** Wires between the registers and a core whose states can be reached. */
function stateSignals(m: Scope, { states }: BusFeatures): Signals {
  if (states === undefined) return {};
  return Object.fromEntries(
    Object.entries(stateAskedPorts(states)).map(([name, { type }]) => [name, m.net(name, type)]),
  );
}

/** A reset of the core, by the port or by a register. */
export function coreReset(io: Signals, { softReset }: Attached): Expr<'u'> {
  return anyOf(signal(io, 'rst'), softReset);
}

/** Words of the bus and beats of the stream in front of the loader. */
function arbitrated(m: Scope, io: Signals, name: string, bits: number) {
  const arbiter = loadArbiter(name, bits);
  const beat = {
    beat_data: m.net('beat_data', uint(bits), 'beat for the loader'),
    beat_valid: m.net('beat_valid', uint(1)),
    beat_ready: m.net('beat_ready', uint(1)),
    beat_last: m.net('beat_last', uint(1)),
  };
  const words = {
    load_valid: m.net('load_valid', uint(1), 'a word of a load on the bus'),
    load_word: m.net('load_word', uint(LOAD_WORD)),
    load_taken: m.net('load_taken', uint(1)),
  };
  const loading = m.net('loading', uint(1), 'a load has begun and not ended');
  const loadBus = m.net('load_bus', uint(1), 'it comes from the bus');
  const stream = Object.fromEntries(
    ['s_load_tdata', 's_load_tvalid', 's_load_tready', 's_load_tlast'].map((port) => [
      port,
      signal(io, port),
    ]),
  );
  m.instance('u_arbiter', arbiter, {
    ...{ clk: io.clk, rst: io.rst, ...words, ...stream, loading, load_bus: loadBus, ...beat },
  } as Parameters<typeof m.instance<typeof arbiter>>[2]);
  const said = {
    load_abort: m.net('load_abort', uint(1)),
    loading,
    load_waits: m.net('load_waits', uint(1)),
    load_skips: m.net('load_skips', uint(1)),
    load_done: m.net('load_done', uint(1)),
    load_refused: m.net('load_refused', uint(1)),
  };
  return {
    registers: {
      ...{ ...words, ...said, load_bus: loadBus, loaded: io.loaded },
      ...{ load_error: io.load_error, load_cause: io.load_cause },
    },
    loader: {
      ...{ s_load_tdata: beat.beat_data, s_load_tvalid: beat.beat_valid },
      ...{ s_load_tready: beat.beat_ready, s_load_tlast: beat.beat_last, ...said },
    },
  };
}

function signal(io: Signals, port: string): Expr<'u'> {
  const found = io[port];
  if (found === undefined) throw new Error(`the top has no port ${port}`);
  return found;
}
