import { unexpected } from '../../base/errors.js';
import { didYouMean } from '../../base/nearest.js';
import { findVerilator } from '../../cosim/build/verilator.js';
import { TARGET_NAMES } from '../../flow/targets.js';
import type { SweepPlan } from '../../sweep/results/state.js';
import type { CheckedSpace, StageName } from '../../sweep/space/space.js';
import { figuresOf, inStageOrder } from '../../sweep/stages/registry.js';

/**
 * The plan of a space: its stages in their order, with what can be said before any point is run. `stages`: in place of its own.
 * @throws UserError SWEEP_FIGURE for a limit or an objective that no stage gives, SWEEP_SPACE for what a stage lacks
 */
export function planOf(
  space: CheckedSpace,
  given: readonly StageName[] | undefined,
  file: string,
): SweepPlan {
  const stages = inStageOrder(given ?? space.stages ?? ['estimate']);
  const names = figuresOf(stages).map(({ name }) => name);
  for (const part of ['limits', 'objectives'] as const) {
    for (const name of Object.keys(space[part] ?? {})) {
      if (names.includes(name)) continue;
      const expected = `a figure of ${stages.join(', ')}: ${names.join(', ')}`;
      const got = `'${name}'${didYouMean(name, names)}`;
      throw unexpected({ code: 'SWEEP_FIGURE', file, field: `${part}.${name}`, expected, got });
    }
  }
  if (stages.includes('accuracy')) checkFrames(space, file);
  if (stages.includes('synth')) checkTarget(space, file);
  return { stages, limits: space.limits ?? {}, keepDesigns: space.keepDesigns ?? false };
}

function checkFrames({ networks }: CheckedSpace, file: string): void {
  networks.forEach(({ frames, compress }, n) => {
    if (frames !== undefined || compress?.calibrate !== undefined) return;
    throw unexpected({
      ...{ code: 'SWEEP_SPACE', file, field: `networks.${n}.frames` },
      expected: 'frames for the stage accuracy',
      got: 'none',
    });
  });
}

function checkTarget({ synth }: CheckedSpace, file: string): void {
  const expected = TARGET_NAMES.join(', ');
  const found = synth?.target ?? [];
  const wrong = found.find((name) => !(TARGET_NAMES as readonly string[]).includes(name));
  if (found.length > 0 && wrong === undefined) return;
  const got = wrong === undefined ? 'none, with the stage synth' : `'${wrong}'`;
  throw unexpected({ code: 'SWEEP_SPACE', file, field: 'synth.target', expected, got });
}

/** Looks for the tools of stages that would fail at every point. @throws UserError VERILATOR_MISSING and others of it */
export async function checkTools({ stages }: SweepPlan): Promise<void> {
  if (stages.includes('cosim')) await findVerilator();
}
