import { GATES } from '../../network/model.js';

/** Gates of a cell, whose sums come side by side or in turn. */
export const GATE_COUNT = GATES.length;
