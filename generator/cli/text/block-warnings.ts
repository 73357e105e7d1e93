import type { HardwareEstimate } from '../../accelerator/index.js';
import type { Model } from '../../network/model.js';
import { layersOf, programOf } from '../../network/program.js';

/** Share of the MAC cycles from which on the padding of tiles is worth a word. */
const LEAST_PADDING = 0.01;

/**
 * What is said of innermost HCGS blocks whose size is no power of two: sides of a tile are powers of two that divide the block, so
 * that tiles are small, and many MACs need many of them side by side.
 */
export function blockWarnings(model: Model, file: string): readonly string[] {
  const sizes = oddSizes(model);
  if (sizes === null) return [];
  return [
    `${sizes}, where MACs may stand still; hcgs estimate ${file} --macs N says how many, sizes that are powers of two have larger tiles`,
  ];
}

/** The same where it is known what it costs: nothing where that is next to nothing. */
export function paddingWarnings(
  model: Model,
  { padding }: Pick<HardwareEstimate, 'padding'>,
): readonly string[] {
  const sizes = oddSizes(model);
  if (sizes === null || padding < LEAST_PADDING) return [];
  return [
    `${sizes}, and ${(100 * padding).toFixed(1)} % of the MAC cycles are padding; other MAC counts, or sizes that are powers of two, may have less`,
  ];
}

/** Sizes of innermost blocks that are no powers of two, in words; null: there are none. */
function oddSizes(model: Model): string | null {
  const patterns = layersOf(programOf(model)).flatMap(({ operands }) =>
    operands.flatMap(({ matrix }) => matrix.patterns),
  );
  const inner = patterns.flatMap((pattern) =>
    pattern.kind === 'hcgs' && pattern.blocks.length > 0 ? [pattern.blocks.at(-1) as number] : [],
  );
  const odd = [...new Set(inner)].filter((size) => !Number.isInteger(Math.log2(size)));
  if (odd.length === 0) return null;
  const side = Math.min(...odd.map(powerIn));
  return `blocks of ${odd.sort((a, b) => a - b).join(' and ')} have tiles of at most ${side} x ${side}`;
}

/** The largest power of two that divides a size. */
function powerIn(size: number): number {
  return size % 2 === 1 ? 1 : 2 * powerIn(size / 2);
}
