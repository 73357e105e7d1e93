import type { Configuration } from '../../accelerator/index.js';
import { VERILOG_STYLES, weightRoms } from '../../accelerator/plan/configuration.js';
import { type Design, designConfiguration } from './read.js';

/** No number of a configuration is larger: depths, widths, counts. */
const LARGEST = 2 ** 24;
/** Instances that stand side by side in the Verilog: as many as `planDesign` gives, and twice that. */
const MOST_COPIES: Readonly<Record<string, number>> = {
  ...{ tileRows: 32, tileColumns: 32, rowGroups: 32, cellLanes: 32, streamLanes: 128 },
  ...{ sumSlots: 2048, streamShare: 32, layers: 4096, levels: 32 },
};

/**
 * The configuration of a manifest that anybody may have written: every leaf is a number or a switch, but for the name of
 * the design and the style, so that nothing of it can become Verilog of its own; and of a size that the files
 * beside it have. Null for any other.
 */
export function foreignConfiguration({ manifest, files }: Design): Configuration | null {
  const { name, style, ...rest } = manifest.parameters;
  if (name !== manifest.name || !VERILOG_STYLES.some((known) => known === style)) return null;
  if (!isPlain(rest) || !Array.isArray(rest.levels)) return null;
  const c = designConfiguration(manifest);
  const fits = Object.entries(MOST_COPIES).every(([key, most]) => {
    const value = rest[key];
    const count = Array.isArray(value) ? value.length : Number(value);
    return count <= most && (count >= 1 || key === 'levels');
  });
  if (!fits || !(c.bankWords >= 2 && c.weightDepth / c.bankWords <= files.size)) return null;
  const images = [...files.keys()].filter((path) => path.startsWith('mem/'));
  return weightRoms(c).length <= images.length ? c : null;
}

/** Numbers, switches, and lists and records of them. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 && value <= LARGEST;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).every(isPlain);
}
