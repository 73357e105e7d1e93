import type { Configuration } from './configuration.js';
import type { DesignOptions } from './options.js';

/** What stays of a design when the same model is planned with another MAC count: all that its user chose beside tiling and lanes. */
export function keptOptions(c: Configuration): DesignOptions {
  const { name, cellCycles, bankWords, style, pipeline, emit, order, maxFrames, streams } = c;
  const { weights, loadBits, residents, protect, bus, busStates, macros } = c;
  return {
    ...{ name, cellCycles, bankWords, style, pipeline, emit, order, maxFrames, streams },
    ...{ weights, loadBits, residents, protect, bus, busStates, macros },
  };
}
