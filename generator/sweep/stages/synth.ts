import { chipMemories } from '../../accelerator/index.js';
import { unexpected } from '../../base/errors.js';
import { silentProgress } from '../../base/progress.js';
import { choicesFile } from '../../design/manifest/choices.js';
import { designEstimate, designHardware } from '../../design/read/read.js';
import { replacingFolder } from '../../design/write/stage.js';
import { buildFolder } from '../../flow/fpga/yosys.js';
import { reached } from '../../flow/report/report.js';
import { targetNamed } from '../../flow/targets.js';
import type { Found, Stage, WorkPoint } from './stage.js';

/** Synthesis, place and route for the target of a point. */
export const synthStage: Stage = {
  name: 'synth',
  figures: [
    { name: 'luts', what: 'lookup tables' },
    { name: 'registers', what: 'flip-flops' },
    { name: 'usedMultipliers', what: 'multipliers of the device' },
    { name: 'usedBlockRams', what: 'block RAMs of the device' },
    { name: 'fmaxMHz', what: 'fastest clock' },
    { name: 'framesPerSecond', what: 'at the fastest clock' },
    { name: 'cellArea', what: 'area of standard cells, µm², of a chip' },
  ],
  depends: ({ trial }) => trial.synth,
  run: synthesised,
  memoryMb: 2500,
};

async function synthesised({ point, design: written }: WorkPoint): Promise<Found> {
  const { target, device, clockMHz, seed, synthesisOnly } = point.trial.synth;
  if (target === null) {
    const expected = 'a target for the stage synth';
    throw unexpected({ code: 'SWEEP_SPACE', field: 'synth.target', expected, got: 'none' });
  }
  const { design: stored } = await written();
  const { manifest, files } = stored;
  const estimate = designEstimate(manifest);
  const { weightBits, indexBits, biasBits, tableBits, controlBits, ramBits, protection } = estimate;
  const words = weightBits + indexBits + biasBits + tableBits + controlBits + ramBits;
  const text = (path: string) => Buffer.from(files.get(path) ?? []).toString();
  const report = await replacingFolder(stored, buildFolder(target), (work) =>
    targetNamed(target)(
      {
        directory: work,
        name: manifest.name,
        memoryBits: words + (protection?.checkBits ?? 0),
        chip: () => chipMemories(designHardware(manifest)),
      },
      {
        device: device ?? undefined,
        clockMHz: clockMHz ?? undefined,
        ...{ seed, effort: 'normal', synthesisOnly, package: undefined },
        ...{ liberty: [], corners: [], macros: undefined },
        choices: (one) => text(choicesFile(one.name)),
      },
      silentProgress,
    ),
  );
  if (!reached(report)) {
    const lacks = report.shortages.map(
      ({ resource, needed, available }) => `${needed} ${resource} of ${available}`,
    );
    const reason = report.fits
      ? `reaches ${report.fmaxMHz?.toFixed(1)} MHz, less than ${clockMHz}`
      : `does not fit ${report.device}: ${lacks.join(', ')}`;
    return { outcome: 'excluded', code: report.fits ? 'SWEEP_CLOCK' : 'SWEEP_DEVICE', reason };
  }
  const { luts, registers, multipliers, blockRams, fmaxMHz, cellArea } = report;
  return {
    outcome: 'passed',
    figures: {
      ...{ luts, registers, fmaxMHz, cellArea },
      usedMultipliers: multipliers,
      usedBlockRams: blockRams,
      framesPerSecond: fmaxMHz === null ? null : (1e6 * fmaxMHz) / estimate.cyclesPerFrame,
    },
  };
}
