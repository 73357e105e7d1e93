import { meanMagnitudes } from '../magnitude.js';
import type { PatternKind } from '../pattern.js';
import { choosePattern } from './choose.js';
import {
  existingPositions,
  indexBits,
  keptPositions,
  productsPerRow,
  storedPositions,
} from './count.js';
import { drawPattern, keptCounts } from './draw.js';
import { hcgsFile } from './file.js';
import { addedBlocks, fitHcgs, fitHcgsTo, searchHcgs } from './find.js';
import { parseShape, parseSpec } from './parse.js';
import { runsOfRow, withoutLevels } from './pattern.js';
import { permuted, unitOf } from './permute.js';
import { hcgsReports } from './report.js';
import { hcgsTrials } from './trials.js';
import type { Hcgs } from './types.js';
import { validatePattern } from './validate.js';
import { hcgsZeros } from './zeros.js';

/** Hierarchical coarse-grain sparsity: square blocks on any number of levels. */
export const HCGS: PatternKind<Hcgs> = {
  kind: 'hcgs',
  parse: {
    options: ['--blocks', '--keep'],
    needs: { '--blocks': '16,4', '--keep': '1/4,1/2' },
    spec: parseSpec,
    shape: parseShape,
  },
  dense: withoutLevels,
  draw: (size, { blocks, keep }, random) =>
    drawPattern(size, blocks, keptCounts(size.columns, blocks, keep), random),
  choose: (values, { blocks, keep }) =>
    choosePattern(values, blocks, keptCounts(values.columns, blocks, keep), (block) =>
      meanMagnitudes(values, block),
    ),
  trials: hcgsTrials,
  validate: validatePattern,
  sizes: ({ rows, columns, blocks, keep }) => JSON.stringify([rows, columns, blocks, keep]),
  isDense: ({ blocks }) => blocks.length === 0,
  counts: {
    kept: keptPositions,
    existing: existingPositions,
    stored: storedPositions,
    filled: ({ filledPositions = 0 }) => filledPositions,
    indexBits,
    productsPerRow,
  },
  runsOfRow,
  order: { unit: unitOf, permuted },
  find: {
    search: searchHcgs,
    fit: fitHcgs,
    fitTo: fitHcgsTo,
    nothingAdded: ({ blocks }) => addedBlocks(blocks.map(() => 0)),
    zeros: hcgsZeros,
  },
  report: hcgsReports,
  file: hcgsFile,
};
