import {
  engineLabel,
  enginesOf,
  type Hardware,
  isChain,
  type MemoryUse,
  memories,
  shapeContract,
} from '../../accelerator/index.js';

/** The maxima that a model must keep; in a chain each of its parts those of its engine. */
export function hardwareShape(hardware: Hardware): Readonly<Record<string, unknown>> {
  return isChain(hardware)
    ? { engines: hardware.engines.map(shapeContract) }
    : shapeContract(hardware);
}

/** Every memory of a design; in a chain with the engine in front of its name. */
export function hardwareMemories(hardware: Hardware): readonly MemoryUse[] {
  return enginesOf(hardware).flatMap((c, k) =>
    memories(c).map((memory) =>
      isChain(hardware) ? { ...memory, name: `${engineLabel(k)} ${memory.name}` } : memory,
    ),
  );
}
