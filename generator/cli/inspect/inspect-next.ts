import { shellWord } from '../../base/printable.js';
import type { NetworkReport } from '../../network/inspect/inspect.js';

/** A command line that makes sense after `inspect`, and what it does. */
export interface NextStep {
  readonly command: string;
  readonly does: string;
}

/**
 * What a user of this network can do, the most obvious first. Frames and the output get stand-in names; `map` is how
 * the network was read.
 */
export function nextSteps(
  file: string,
  map: readonly string[],
  report: NetworkReport,
): readonly NextStep[] {
  const source = [shellWord(file), ...map.map((entry) => `--map ${shellWord(entry)}`)].join(' ');
  const compress = (options: string) =>
    `hcgs compress ${source} --calibrate FRAMES.npy ${options}-o model.safetensors`;
  const { search, filled } = report;
  const dense = search.found?.every(({ blocks }) => blocks.length === 0) ?? false;
  const steps: NextStep[] = [];
  if (dense) steps.push({ command: compress(''), does: 'quantises it as it is, dense' });
  else if (search.found !== null) {
    const lists = new Set(search.found.map(({ blocks }) => blocks.join() || 'dense'));
    const does = `finds the pattern (${[...lists].join('; ')}) and quantises`;
    return [{ command: compress(''), does }];
  }
  if (filled !== null) {
    if (filled.found !== null) {
      const does = 'completes the pattern with zero blocks, which are stored and computed';
      steps.push({ command: compress('--fill '), does });
    }
    steps.push({ command: compress('--dense '), does: 'keeps every weight, zeros too' });
  }
  const block = suggestedBlock(report);
  if (block !== null) {
    const does = 'keeps the larger half of its blocks; expect less accuracy until it is retrained';
    steps.push({ command: compress(`--select magnitude --blocks ${block} --keep 1/2 `), does });
  }
  return steps;
}

/** Of the block sizes with which pruning loses least: one of which every matrix has at least four side by side. */
function suggestedBlock({ layers }: NetworkReport): number | null {
  const smallest = Math.min(...layers.flatMap(({ inputs, cells }) => [inputs, cells]));
  return [4, 2].find((size) => smallest >= 4 * size) ?? null;
}
