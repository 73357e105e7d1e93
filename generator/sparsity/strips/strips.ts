import type { PatternKind } from '../pattern.js';
import { chooseStrips } from './choose.js';
import { indexBits, keptPositions, productsPerRow } from './count.js';
import { drawStrips } from './draw.js';
import { stripsFile } from './file.js';
import { fitStrips, fitStripsTo, NOTHING, searchStrips } from './find.js';
import { parseShape, parseSpec } from './parse.js';
import { isWhole, runsOfRow, wholeMatrix } from './pattern.js';
import { permuted } from './permute.js';
import { stripsReports } from './report.js';
import { stripsTrials } from './trials.js';
import type { Strips } from './types.js';
import { validateStrips } from './validate.js';
import { stripsZeros } from './zeros.js';

/** Columns dropped in each strip of rows, and whole rows: the block-based structured pruning of RTMobile. */
export const STRIPS: PatternKind<Strips> = {
  kind: 'strips',
  parse: {
    options: ['--blocks', '--rate', '--balance'],
    needs: { '--blocks': '32x256', '--rate': '8' },
    spec: parseSpec,
    shape: parseShape,
  },
  dense: wholeMatrix,
  draw: drawStrips,
  choose: chooseStrips,
  trials: (_, rate) => stripsTrials(rate),
  validate: validateStrips,
  sizes: ({ rows, columns, height, width }) => JSON.stringify([rows, columns, height, width]),
  isDense: isWhole,
  counts: {
    ...{ kept: keptPositions, existing: keptPositions, stored: keptPositions },
    filled: () => 0,
    indexBits,
    productsPerRow,
  },
  runsOfRow,
  order: { unit: () => 1, permuted },
  find: {
    search: searchStrips,
    fit: fitStrips,
    fitTo: fitStripsTo,
    nothingAdded: () => NOTHING,
    zeros: stripsZeros,
  },
  report: stripsReports,
  file: stripsFile,
};
