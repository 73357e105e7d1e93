import { silentProgress } from '../../base/progress.js';
import { cosimulate } from '../../cosim/cosimulate.js';
import { inputFrames } from '../../cosim/driver/input-frames.js';
import { cosimDesign } from '../../cosim/read-design.js';
import { checksOf } from '../../cosim/scoreboard/checks.js';
import { placedModel } from '../../design/read/placed-model.js';
import { withFiles } from '../../design/write/stage.js';
import { GoldenNetwork } from '../../golden/network.js';
import { inputFormat } from '../../network/frames.js';
import type { Found, Stage, WorkPoint } from './stage.js';

/** Simulates the Verilog of a point on random frames, beside the golden model. */
export const cosimStage: Stage = {
  name: 'cosim',
  figures: [
    { name: 'measuredCyclesPerFrame', what: 'cycles of a frame in simulation' },
    { name: 'measuredLatencyCycles', what: 'latency in simulation' },
    { name: 'comparedValues', what: 'values compared with the golden model' },
  ],
  depends: ({ trial }) => trial.cosim,
  run: simulated,
  memoryMb: 2500,
};

async function simulated({ point, design: written }: WorkPoint): Promise<Found> {
  const { random, seed } = point.trial.cosim;
  const { design: stored } = await written();
  const { model } = placedModel(stored);
  const design = cosimDesign(stored, model);
  const { sequence } = await inputFrames(model, {
    ...{ timeMajor: false, random, seed },
    most: design.maxFrames ?? undefined,
  });
  const result = await withFiles(stored, ['mem'], (directory) =>
    cosimulate({
      design: { ...design, directory },
      frames: sequence,
      reference: new GoldenNetwork(model),
      stalls: { gap: 0, pause: 0 },
      seed,
      protocol: {
        reference: new GoldenNetwork(model),
        inputBits: inputFormat(model).bits,
      },
      waves: 'never',
      waveFile: '',
      progress: silentProgress,
    }),
  );
  const failures = checksOf(design, result).flatMap(({ name, failure }) =>
    failure === null ? [] : [`${name}: ${failure}`],
  );
  if (failures.length > 0) {
    return { outcome: 'failed', code: 'SWEEP_COSIM', message: failures.join('\n') };
  }
  return {
    outcome: 'passed',
    figures: {
      measuredCyclesPerFrame: result.steady?.cyclesPerFrame ?? null,
      measuredLatencyCycles: result.latencyCycles,
      comparedValues: result.comparisons.reduce((sum, { compared }) => sum + compared, 0),
    },
  };
}
