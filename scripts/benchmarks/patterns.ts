import { type Case, cyclesOf } from './case.js';
import { finding } from './finding.js';
import type { Workbench } from './hcgs.js';
import { searched } from './pattern-search.js';
import type { Row } from './row.js';

/** GRU of two layers of 1,024 on 39 inputs: that of RTMobile, 9.6 M weights. */
const GRU = ['--cell', 'gru', '--inputs', '39', '--hidden', '1024,1024'];

/** A rate of RTMobile, the strip blocks and rate that make it here, and what its GPU reaches of its rate without zeros. */
interface Rate {
  readonly rate: number;
  readonly blocks: string;
  /** Of RTMobile, table 2: operations per second at the rate, over those of the dense network (161.55 GOP/s). */
  readonly gpu: number;
  readonly busy: number;
}

/**
 * All by columns: h of the last layer leaves in the order of the network, so that rows that are dropped there cannot be put side
 * by side. 153, 245 and 301 times are 111, 145 and 157 times by the operations that the paper counts.
 */
const RATES: readonly Rate[] = [
  { rate: 10, blocks: '32x256', gpu: 117.11 / 161.55, busy: 0.95 },
  { rate: 19, blocks: '32x256', gpu: 108.51 / 161.55, busy: 0.95 },
  { rate: 29, blocks: '32x256', gpu: 88.29 / 161.55, busy: 0.95 },
  { rate: 43, blocks: '32x256', gpu: 76.86 / 161.55, busy: 0.95 },
  { rate: 80, blocks: '32x256', gpu: 61.54 / 161.55, busy: 0.85 },
  { rate: 103, blocks: '32x1024', gpu: 55.58 / 161.55, busy: 0.85 },
  { rate: 153, blocks: '32x1024', gpu: 53.55 / 161.55, busy: 0.85 },
  { rate: 245, blocks: '32x1024', gpu: 49.0 / 161.55, busy: 0.85 },
  { rate: 301, blocks: '32x1024', gpu: 46.72 / 161.55, busy: 0.85 },
];

/** What patterns cost in cycles and index bits, beside published figures. */
export async function patterns(bench: Workbench, add: (row: Row) => void): Promise<void> {
  const random = async (name: string, options: readonly string[]): Promise<string> => {
    const model = bench.path(`${name}.safetensors`);
    await bench.hcgs(['random', ...options, '--seed', '1', '-o', model]);
    return model;
  };
  for (const { rate, blocks, gpu, busy } of RATES) {
    const strips = ['--pattern', 'strips', '--blocks', blocks, '--rate', `${rate}`];
    const model = await random(`strips_${rate}`, [...GRU, ...strips]);
    for (const macs of [48, 64]) {
      add(
        await cyclesOf(bench, {
          what: `GRU 2 x 1024, strips ${rate} x, ${macs} MACs; GPU of RTMobile at ${Math.round(100 * gpu)} % of its dense rate`,
          ...{ model, busy, split: true },
          options: ['--macs', `${macs}`],
          ...(rate === 10 && { indexBits: 0.4 }),
        }),
      );
    }
  }
  for (const one of [
    ...(await shared(random)),
    await bankBalanced(random),
    ...(await others(random)),
  ]) {
    add(await cyclesOf(bench, one));
  }
  await finding(bench, add);
  await searched(bench, add);
}

/** Draws a network into a file. */
type Draw = (name: string, options: readonly string[]) => Promise<string>;

/** Networks of CSB-RNN, whose groups of multipliers share the work of neighbours: 94 % of them are busy so, 42 % without. */
async function shared(random: Draw): Promise<readonly Case[]> {
  const kernels = (rate: number) => [
    ...['--pattern', 'kernels', '--blocks', '32', '--mask', 'per-gate', '--rate', `${rate}`],
  ];
  const array = (columns: number, lanes: number) => [
    ...['--macs', '512', '--array', 'queues', '--tile-rows', '1'],
    ...['--tile-columns', `${columns}`, '--cell-lanes', `${lanes}`],
  ];
  const short = ['--pipeline', 'short'];
  const lstm = ['--inputs', '128', '--hidden', '256,256'];
  const projected = ['--inputs', '153', '--hidden', '1024,1024', '--projection', '512,512'];
  return [
    {
      what: 'GRU 2 x 1024, kernels of 32 at 20 x, 512 MACs; CSB-RNN 94 %',
      model: await random('kernels_gru', [...GRU, ...kernels(20)]),
      ...{ options: array(2, 4), busy: 0.94, split: true, indexBits: 1.65 },
    },
    {
      what: 'LSTM 2 x 256, kernels of 32 at 12.5 x, 512 MACs, short pipeline; CSB-RNN 158 cycles',
      model: await random('kernels_lstm', [...lstm, ...kernels(12.5)]),
      ...{ options: [...array(2, 8), ...short], cycles: 158, split: true },
    },
    {
      what: 'LSTM 153-1024-512, kernels of 32 at 13 x, 512 MACs, short pipeline; CSB-RNN 1316 cycles',
      model: await random('kernels_projected', [...projected, ...kernels(13)]),
      ...{ options: [...array(2, 8), ...short], cycles: 1316, split: true, indexBits: 1.3 },
    },
  ];
}

/** BBS (Cao et al., FPGA 2019): banks of 64, whose place in a bank takes 6 bits of a file. Its list here has a column. */
async function bankBalanced(random: Draw): Promise<Case> {
  const banks = ['--pattern', 'banks', '--blocks', '64', '--rate', '8', '--mask', 'per-gate'];
  return {
    what: 'GRU 2 x 1024, banks of 64 at 8 x in each gate, 64 MACs',
    model: await random('banks_gru', [...GRU, ...banks]),
    ...{ options: ['--macs', '64'], busy: 0.95, split: true, fileIndexBits: 6 },
  };
}

async function others(random: Draw): Promise<readonly Case[]> {
  const keyword = ['--inputs', '39', '--hidden', '128,128', '--outputs', '12'];
  const mask = await random('mask', [
    ...keyword,
    '--pattern',
    'mask',
    '--rate',
    '10',
    '--mask',
    'per-gate',
  ]);
  const rows = await random('rows', [...keyword, '--pattern', 'rows', '--rate', '8']);
  const banks = await random('banks', [
    ...keyword,
    '--pattern',
    'banks',
    '--blocks',
    '16',
    '--rate',
    '8',
  ]);
  const kernels = await random('kernels', [
    ...keyword,
    ...['--pattern', 'kernels', '--blocks', '32x32', '--rate', '8'],
  ]);
  const mixed = await random('mixed', [
    ...[...keyword, '--pattern', 'hcgs', '--pattern', 'strips'],
    ...['--blocks', '16,4', '--keep', '1/4,1/4', '--blocks', '16x64', '--rate', '8'],
  ]);
  const at = (what: string, model: string, busy: number): Case => ({
    ...{ what: `LSTM 2 x 128, ${what}, 64 MACs`, model, busy, split: true },
    ...{ options: ['--macs', '64'], frames: 20 },
  });
  return [
    at('mask, 90 % zeros in each gate', mask, 0.6),
    at('8 x in rows', rows, 0.6),
    at('8 x in banks of 16', banks, 0.6),
    at('8 x in kernels of 32x32', kernels, 0.6),
    at('blocks below strips', mixed, 0.6),
  ];
}
