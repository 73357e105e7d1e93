import { unexpected } from '../../base/errors.js';
import { type Configuration, LOAD_BITS, type LoadBits } from './configuration.js';
import { checkRange, type DesignOptions, LIMITS } from './options.js';

/** Where a model lies on a design, what guards its words, and what a processor sees of it. */
export type Stored = Pick<
  Configuration,
  'weights' | 'loadBits' | 'residents' | 'protect' | 'bus' | 'busStates'
>;

/**
 * Where a model lies, as a configuration has it.
 * @throws UserError DESIGN_OPTION for what only loaded weights have, for bits that no load port has, and for several resident models
 * beside several streams
 */
export function storedIn({
  weights = 'rom',
  loadBits,
  residents,
  streams = 1,
  protect = 'none',
  bus = 'none',
  busStates = false,
}: Pick<
  DesignOptions,
  'weights' | 'loadBits' | 'residents' | 'streams' | 'protect' | 'bus' | 'busStates'
>): Stored {
  const watched = {
    ...(protect === 'none' ? {} : { protect }),
    ...(bus === 'none' ? {} : { bus, ...(busStates && { busStates: true as const }) }),
  };
  checkRange('residents', residents, 1, LIMITS.residents);
  if (weights === 'rom') {
    for (const [field, got] of [
      ['--load-bits', loadBits],
      ['--residents', residents],
    ] as const) {
      if (got === undefined) continue;
      throw unexpected({
        code: 'DESIGN_OPTION',
        ...{ field, expected: 'no such option, or --weights loaded beside it', got },
      });
    }
    return watched;
  }
  const places = residents ?? 1;
  const bits = LOAD_BITS.find((one) => one === (loadBits ?? 32));
  if (bits === undefined) {
    const expected = LOAD_BITS.join(', ');
    throw unexpected({
      code: 'DESIGN_OPTION',
      ...{ field: '--load-bits', expected, got: loadBits ?? 32 },
    });
  }
  if (places > 1 && streams > 1) {
    throw unexpected({
      code: 'DESIGN_OPTION',
      field: '--residents',
      expected: '1 with --streams, as another model starts all streams anew',
      got: places,
    });
  }
  return {
    weights,
    ...(bits === 32 ? {} : { loadBits: bits satisfies LoadBits }),
    ...(places > 1 && { residents: places }),
    ...watched,
  };
}
