import { join } from 'node:path';
import { packageRoot } from '../../generator/base/package.js';
import { attempt } from './case.js';
import type { Workbench } from './hcgs.js';
import { percent, type Row } from './row.js';

/** The fields of `compress --json` that the figures need. */
interface Compressed {
  readonly selection: { readonly loss: Loss | null } | null;
  readonly patternSearch: { readonly cycles: number; readonly heldOut: Loss | null } | null;
}

interface Loss {
  /** Of the outputs against those of the dense network, in shares of their own r.m.s. */
  readonly error: { readonly relativeRms: number };
}

/** Blocks of HCGS that keep one weight in so many. */
const BLOCKS = [
  { ratio: 2, spec: ['--blocks', '32', '--keep', '1/2'] },
  { ratio: 4, spec: ['--blocks', '32,4', '--keep', '1/2,1/2'] },
  { ratio: 16, spec: ['--blocks', '16,4', '--keep', '1/4,1/4'] },
];

const MACS = ['--macs', '64'];

/** What a search makes of the dense keyword LSTM in the cycles of HCGS, beside blocks that are chosen by magnitude. */
export async function searched(bench: Workbench, add: (row: Row) => void): Promise<void> {
  const folder = join(packageRoot, 'examples/keyword-spotting');
  const source = join(folder, 'training/networks/V0.safetensors');
  const frames = ['--calibrate', join(folder, 'synth_frames.npy')];
  for (const { ratio, spec } of BLOCKS) {
    const what = `LSTM 2 x 128 dense, searched in the cycles of HCGS at ${ratio} x`;
    const target = 'at most 0.8 of its error';
    add(
      await attempt(what, target, async () => {
        const model = bench.path(`blocks_${ratio}.safetensors`);
        const hcgs = await bench.hcgs<Compressed>([
          ...['compress', source, '--select', 'magnitude', '--pattern', 'hcgs'],
          ...[...spec, ...frames, '-o', model],
        ]);
        const { cyclesPerFrame } = await bench.hcgs<{ readonly cyclesPerFrame: number }>([
          ...['estimate', model, ...MACS],
        ]);
        const found = await bench.hcgs<Compressed>([
          ...['compress', source, '--search', '--budget', `cycles=${cyclesPerFrame}`],
          ...[...MACS, ...frames, '-o', bench.path(`searched_${ratio}.safetensors`)],
        ]);
        const before = hcgs.selection?.loss?.error.relativeRms ?? Number.NaN;
        const now = found.patternSearch?.heldOut?.error.relativeRms ?? Number.NaN;
        const cycles = found.patternSearch?.cycles ?? Number.NaN;
        const share = now / before;
        return {
          ...{ what, target, ok: share <= 0.8 && cycles <= cyclesPerFrame },
          measured: `error ${percent(now, 1)} of the outputs, on frames held out, ${cycles} cycles; HCGS ${percent(before, 1)} on all frames, ${cyclesPerFrame} cycles`,
          values: { share, cycles, cyclesPerFrame },
        };
      }),
    );
  }
}
