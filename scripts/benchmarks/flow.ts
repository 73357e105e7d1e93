import { join } from 'node:path';
import type { Cosimulated, Workbench } from './hcgs.js';
import { percent, type Row } from './row.js';

/** The fields of `synth --json` that the figures need. */
interface Synthesised {
  readonly device: string | null;
  readonly fits: boolean;
  readonly shortages: readonly {
    readonly resource: string;
    readonly needed: number;
    readonly available: number;
  }[];
  readonly luts: number;
  readonly fmaxMHz: number | null;
  readonly cellArea: number | null;
  readonly criticalPath: { readonly from: string; readonly to: string } | null;
  readonly blocks: readonly {
    readonly block: string;
    readonly multipliers: number;
    readonly blockRams: number;
  }[];
}

interface Estimated {
  readonly cyclesPerFrame: number;
  readonly weightBits: number;
}

/** Bits of a DP16KD. */
const BLOCK_RAM_BITS = 18_432;
/** Time of a frame that the 3 x 512 network has to stay below, µs: the published chip's. */
const FRAME_US = 80;
/** What a UP5K gets: the fewest multipliers, a time-multiplexed lane. */
const SMALLEST = ['--macs', '4', '--cell-cycles', '18'];

const synth = (
  bench: Workbench,
  directory: string,
  target: string,
  device: string | null,
  mhz: number,
): Promise<Synthesised> => {
  const on = device === null ? [] : ['--device', device];
  const clock = ['--clock-mhz', `${mhz}`];
  return bench.hcgs(['synth', directory, '--target', target, ...on, ...clock]);
};

/** Fits, and reaches the clock. */
function fitRow(what: string, result: Synthesised, mhz: number): Row {
  const short = result.shortages.map((s) => `${s.needed} of ${s.available} ${s.resource}`);
  const clock = result.fmaxMHz === null ? 'no Fmax' : `${result.fmaxMHz.toFixed(1)} MHz`;
  const path =
    result.criticalPath === null
      ? ''
      : `, ${result.criticalPath.from} to ${result.criticalPath.to}`;
  return {
    what,
    measured: result.fits ? `${clock}${path}` : `does not fit: ${short.join(', ')}`,
    target: `fits, ${mhz} MHz`,
    ok: result.fits && result.fmaxMHz !== null && result.fmaxMHz >= mhz,
    values: { fmaxMHz: result.fmaxMHz ?? 0, luts: result.luts, target: mhz },
  };
}

async function large(bench: Workbench, model: string, add: (row: Row) => void): Promise<void> {
  const directory = bench.path('flow_large');
  await bench.generate(model, 64, directory);
  const estimate = await bench.hcgs<Estimated>(['estimate', directory]);
  const result = await synth(bench, directory, 'ecp5', 'LFE5U-85F', FRAME_US);
  add(fitRow('3 x 512, 64 MACs, LFE5U-85F', result, 80));
  const micros = estimate.cyclesPerFrame / (result.fmaxMHz ?? Number.NaN);
  add({
    what: 'the same: time of a frame at that clock',
    measured: `${micros.toFixed(1)} µs`,
    target: `under ${FRAME_US} µs`,
    ok: micros < FRAME_US,
    values: { micros, target: FRAME_US },
  });
  const block = (name: string) => result.blocks.find((b) => b.block === name);
  const inArray = block('u_array')?.multipliers ?? 0;
  add({
    what: 'the same: MACs of the array in device multipliers',
    measured: `${inArray}`,
    target: '64',
    ok: inArray === 64,
    values: { inArray },
  });
  const share = estimate.weightBits / ((block('u_weights')?.blockRams ?? 0) * BLOCK_RAM_BITS);
  add({
    what: 'the same: weight bits of the bits of their block RAMs',
    measured: percent(share, 1),
    target: 'at least 85 %',
    ok: share >= 0.85,
    values: { share, target: 0.85 },
  });
  const chip = await synth(bench, directory, 'asic', null, 100);
  const { criticalPath } = chip;
  add({
    what: 'the same: standard cells without memories, before layout',
    measured: `${((chip.cellArea ?? 0) / 1e6).toFixed(2)} mm², ${chip.fmaxMHz?.toFixed(1)} MHz, ${criticalPath?.from} to ${criticalPath?.to}`,
    target: 'area and a named path',
    ok: chip.cellArea !== null && criticalPath !== null,
    values: { cellArea: chip.cellArea ?? 0, fmaxMHz: chip.fmaxMHz ?? 0 },
  });
}

/** Synthesis, place and route, and netlists in co-simulation: the better part of an hour. */
export async function flow(
  bench: Workbench,
  models: { readonly large: string; readonly keyword: string },
  add: (row: Row) => void,
): Promise<void> {
  await large(bench, models.large, add);
  for (const [macs, device] of [
    [16, 'LFE5U-25F'],
    [64, 'LFE5U-45F'],
  ] as const) {
    const directory = bench.path(`flow_${macs}`);
    await bench.generate(models.keyword, macs, directory);
    const result = await synth(bench, directory, 'ecp5', device, 90);
    add(fitRow(`keyword network V16, ${macs} MACs, ${device}`, result, 90));
  }
  const small = bench.path('flow_small');
  await bench.hcgs(['generate', models.keyword, ...SMALLEST, '--name', 'bench', '-o', small]);
  add(
    fitRow('keyword network V16, 4 MACs, UP5K', await synth(bench, small, 'ice40', 'UP5K', 12), 12),
  );
  for (const [target, name] of [
    ['ecp5', 'flow_16'],
    ['ice40', 'flow_small'],
  ] as const) {
    const args = ['cosim', join(bench.folder, name), '--netlist', target, '--random', '25'];
    const { mismatches, comparedValues, ok } = await bench.hcgs<Cosimulated>(args);
    add({
      what: `keyword network V16, netlist of ${target}, 25 frames`,
      measured: `${mismatches} mismatches of ${comparedValues} values`,
      target: '0',
      ok: ok && mismatches === 0,
      values: { mismatches, comparedValues },
    });
  }
}
