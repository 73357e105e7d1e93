import { type Expr, gathered, type Module, type Scope, type TypedModule } from '../../hdl/index.js';
import { enginesOf, type Hardware } from '../chain/chain.js';
import type { Protection } from '../plan/configuration.js';
import { decoder, encoder } from './codec.js';
import { memoryErrorOutputs, memoryErrors } from './memory-errors.js';
import { FAULT_PORTS, PROTECTED_LEAVES, protectedLeaf } from './protected-leaf.js';

/** How the words of a design are protected; undefined: they are not. */
export function protectionOf(hardware: Hardware): Protection | undefined {
  return enginesOf(hardware)[0].protect;
}

/** Ports of the top of a design with protected words; none of any other. */
export function memoryErrorPorts(hardware: Hardware) {
  return protectionOf(hardware) === undefined ? {} : memoryErrorOutputs();
}

/**
 * A core, or a chain of them, whose memories of the model keep check bits with their words; what they find comes up to its ports. No other
 * block knows of it, and cycles and values stay. Without protection the core as it is.
 */
export function protectedCore(core: TypedModule, hardware: Hardware): TypedModule {
  const kind = protectionOf(hardware);
  if (kind === undefined) return core;
  const { name } = hardware;
  const codec = { encoder: encoder(name, kind), decoder: decoder(name, kind) };
  const prefixes = new Set([name, ...enginesOf(hardware).map((engine) => engine.name)]);
  return gathered(core, {
    replace: (module: Module) => {
      for (const prefix of prefixes) {
        const access = PROTECTED_LEAVES.find(({ ending }) => module.name === `${prefix}_${ending}`);
        if (access !== undefined) return protectedLeaf(prefix, module, access, kind, codec);
      }
      return null;
    },
    ports: FAULT_PORTS,
  });
}

/** Puts what keeps faults into the top of a design; gives the connections of its core. None where words are not protected. */
export function keepMemoryErrors(
  m: Scope,
  io: Readonly<Record<string, Expr<'u'>>>,
  hardware: Hardware,
  resets: Readonly<Record<'rst' | 'core_rst', Expr<'u'>>>,
): Readonly<Record<string, Expr<'u'>>> {
  if (protectionOf(hardware) === undefined) return {};
  const faults = m.nets({ memory_fault: 1, memory_lost: 1 });
  const { clk, memory_error, memory_error_count } = io;
  const module = memoryErrors(hardware.name);
  m.instance('u_memory_errors', module, {
    ...{ clk, ...resets, ...faults, memory_error, memory_error_count },
  } as Parameters<typeof m.instance<typeof module>>[2]);
  return faults;
}
