import { NOTHING_ADDED } from '../lists/hold.js';
import { runsOfRow } from '../lists/walk.js';
import type { PatternKind } from '../pattern.js';
import { chooseKernels } from './choose.js';
import { isWhole, kernelsCounts } from './count.js';
import { drawKernels } from './draw.js';
import { kernelsFile } from './file.js';
import { fitKernels, fitKernelsTo, searchKernels } from './find.js';
import { parseShape, parseSpec } from './parse.js';
import { listsOf, permuted, wholeMatrix } from './pattern.js';
import { kernelsReports } from './report.js';
import { kernelsTrials } from './trials.js';
import type { Kernels } from './types.js';
import { validateKernels } from './validate.js';
import { kernelsZeros } from './zeros.js';

/** Rows and columns dropped in each block, both on their own: BCR of GRIM, CSB of CSB-RNN. */
export const KERNELS: PatternKind<Kernels> = {
  kind: 'kernels',
  parse: {
    options: ['--blocks', '--rate', '--balance'],
    needs: { '--blocks': '32x32', '--rate': '8' },
    spec: parseSpec,
    shape: parseShape,
  },
  dense: wholeMatrix,
  draw: drawKernels,
  choose: chooseKernels,
  trials: (_, rate) => kernelsTrials(rate),
  validate: validateKernels,
  sizes: ({ rows, columns, height, width }) => JSON.stringify([rows, columns, height, width]),
  isDense: isWhole,
  counts: kernelsCounts,
  runsOfRow: (pattern, row) => runsOfRow(listsOf(pattern), row),
  // places of rows and columns are kept, so that they may stand in any order
  order: { unit: () => 1, permuted },
  find: {
    search: searchKernels,
    fit: fitKernels,
    fitTo: fitKernelsTo,
    nothingAdded: () => NOTHING_ADDED,
    zeros: kernelsZeros,
  },
  report: kernelsReports,
  file: kernelsFile,
};
