import type { Configuration, VerilogStyle } from '../plan/configuration.js';

/** Engines that are joined by streams: what one sends the next one takes, each a core of its own. */
export interface Chain {
  readonly name: string;
  /** Two at least, in the order in which a frame goes through them. */
  readonly engines: readonly Configuration[];
}

/** What a design is made of: one engine, or several in a chain. */
export type Hardware = Configuration | Chain;

export function isChain(hardware: Hardware): hardware is Chain {
  return 'engines' in hardware;
}

/** The engines of a design. */
export function enginesOf(hardware: Hardware): readonly [Configuration, ...Configuration[]] {
  const [first, ...others] = isChain(hardware) ? hardware.engines : [hardware];
  if (first === undefined) throw new Error('a chain without engines');
  return [first, ...others];
}

/** The engine whose outputs are those of the design. */
export function lastEngine(hardware: Hardware): Configuration {
  const engines = enginesOf(hardware);
  return engines.at(-1) ?? engines[0];
}

/** Name of an engine, of which those of its modules and images are made. */
export function engineName(chain: string, engine: number): string {
  return `${chain}_${engineLabel(engine)}`;
}

/** What an engine is called in names and messages: `e0` is the first one. */
export function engineLabel(engine: number): string {
  return `e${engine}`;
}

/** Name of the instance of an engine below the core of its chain. */
export function engineInstance(engine: number): string {
  return `u_${engineLabel(engine)}`;
}

/** Whether an instance below the core is an engine. */
export function isEngine(instance: string): boolean {
  return /^u_e\d+$/.test(instance);
}

export function styleOf(hardware: Hardware): VerilogStyle {
  return enginesOf(hardware)[0].style;
}
