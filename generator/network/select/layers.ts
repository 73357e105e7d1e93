import { UserError } from '../../base/errors.js';
import { patternKind } from '../../sparsity/kind-of.js';
import type { PatternSpec } from '../../sparsity/registry.js';

/**
 * The pattern of layer `l`, from one entry for all layers or one per layer.
 * @throws UserError BLOCKS_COUNT
 */
export function specOfLayer(specs: readonly PatternSpec[], l: number, layers: number): PatternSpec {
  const spec = specs[specs.length === 1 ? 0 : l];
  if (spec !== undefined && (specs.length === 1 || specs.length === layers)) return spec;
  const options = specs[0] === undefined ? ['--select'] : patternKind(specs[0]).parse.options;
  throw new UserError({
    code: 'BLOCKS_COUNT',
    message: `${options.join(' and ')}: expected one list, or one for each of ${layers} layers, got ${specs.length}`,
    field: options[0],
    expected: `1 or ${layers} lists`,
    got: specs.length,
  });
}
