import type { Steps } from '../base/steps.js';
import { describeZeros } from './find.js';
import { patternKind } from './kind-of.js';
import type { MatrixMasks } from './mask.js';
import type { Pattern, PatternChoice } from './registry.js';

/**
 * What a user has to know of zeros that were taken as they are, because no pattern explains them: what that costs, and for
 * each matrix that a pattern describes but for a few places, which pattern, and where. Nothing where a pattern was found.
 */
export function* notesOnZeros(
  matrices: readonly MatrixMasks[],
  choices: readonly PatternChoice[],
): Steps<readonly string[]> {
  let [kept, bits] = [0, 0];
  const near: string[] = [];
  for (const [i, matrix] of matrices.entries()) {
    const choice = choices[i] as PatternChoice;
    const { find, counts } = patternKind(choice);
    if (find.holdsAny !== true) continue;
    const { patterns } = find.fit(matrix, choice, { fill: false });
    const total = (of: (pattern: Pattern) => number) =>
      patterns.reduce((sum, pattern) => sum + of(pattern), 0);
    kept += (matrix.perGate.length / patterns.length) * total(counts.kept);
    bits += total(counts.indexBits);
    const { close, findings } = yield* describeZeros(matrix, choice);
    const [first] = findings;
    if (close !== true || first === undefined) continue;
    const places = patternKind(first).report.findings.notes(first).join('; ');
    near.push(
      `${matrix.name} is near a pattern, ${places}; --fill completes it, hcgs inspect shows more`,
    );
  }
  if (bits === 0) return [];
  const each = (bits / Math.max(1, kept)).toFixed(1);
  return [
    `no pattern explains all zeros, so they are taken as a mask, a bit for each position: ${each} index bits for each kept weight`,
    ...near,
  ];
}
