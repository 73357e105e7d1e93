import { shellWord } from '../../base/printable.js';
import { isExplained, type NetworkReport } from '../../network/inspect/inspect.js';
import { patternKind } from '../../sparsity/kind-of.js';
import { type ImportValues, importWords } from '../options/import-options.js';
import { suggestedSelection } from '../options/select-options.js';

/** What a pattern that keeps everything is called. */
const DENSE = 'dense';

/** A command line that makes sense after `inspect`, and what it does. */
export interface NextStep {
  readonly command: string;
  readonly does: string;
}

/**
 * What a user of this network can do, the most obvious first. Frames and the output get stand-in names; `read` is how
 * the network was read.
 */
export function nextSteps(
  file: string,
  read: ImportValues,
  report: NetworkReport,
): readonly NextStep[] {
  const source = [shellWord(file), ...importWords(read)].join(' ');
  const compress = (options: string) =>
    `hcgs compress ${source} --calibrate FRAMES.npy ${options}-o model.safetensors`;
  const { search, filled } = report;
  const found = search.found?.map((choice) => patternKind(choice).report.choiceText(choice));
  const steps: NextStep[] = [];
  if (found?.every((text) => text === DENSE))
    steps.push({ command: compress(''), does: 'quantises it as it is, dense' });
  else if (found !== undefined && !isExplained(search)) {
    const does = `takes the zeros as they are (${found[0]}) and quantises`;
    steps.push({ command: compress(''), does });
  } else if (found !== undefined) {
    const does = `finds the pattern (${[...new Set(found)].join('; ')}) and quantises`;
    return [{ command: compress(''), does }];
  }
  if (filled !== null) {
    if (isExplained(filled)) {
      const does = 'completes the pattern with zero blocks, which are stored and computed';
      steps.push({ command: compress('--fill '), does });
    }
    steps.push({ command: compress('--dense '), does: 'keeps every weight, zeros too' });
  }
  const smallest = Math.min(...report.layers.flatMap(({ inputs, cells }) => [inputs, cells]));
  const selection = suggestedSelection(smallest);
  if (selection !== null) {
    steps.push({ command: compress(selection.options), does: selection.does });
  }
  return steps;
}
