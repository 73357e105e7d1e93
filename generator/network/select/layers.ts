import { UserError } from '../../base/errors.js';
import type { PatternSpec } from '../../sparsity/registry.js';

/**
 * The pattern of layer `l`, from one entry for all layers or one per layer.
 * @throws UserError BLOCKS_COUNT
 */
export function specOfLayer(specs: readonly PatternSpec[], l: number, layers: number): PatternSpec {
  const spec = specs[specs.length === 1 ? 0 : l];
  if (spec !== undefined && (specs.length === 1 || specs.length === layers)) return spec;
  throw new UserError({
    code: 'BLOCKS_COUNT',
    message: `--blocks and --keep: expected one list, or one for each of ${layers} layers, got ${specs.length}`,
    field: '--blocks',
    expected: `1 or ${layers} lists`,
    got: specs.length,
  });
}
