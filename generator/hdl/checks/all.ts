import type { Diagnostic } from '../diagnostics.js';
import { checkConnections } from './drive/connections.js';
import { checkDrivenTwice } from './drive/driven-twice.js';
import { checkPartlyDriven } from './drive/partly-driven.js';
import { checkRegisters } from './drive/registers.js';
import { checkUndriven } from './drive/undriven.js';
import { checkLoops } from './loops/check.js';
import { checkNames } from './names/names.js';
import { checkVisibility } from './names/visibility.js';
import { checkDeadParameter } from './parameters/dead-parameter.js';
import { checkParameterRange } from './parameters/parameter-range.js';
import { checkParameterRelation } from './parameters/parameter-relation.js';
import { checkUnknownParameters } from './parameters/unknown-parameters.js';
import { checkReset } from './reset/reset.js';
import { checkUnread } from './use/unread.js';
import { checkUnreadBits } from './use/unread-bits.js';
import type { Subject } from './walk/points.js';
import { checkIndexRange } from './width/index-range.js';
import { checkNoBits } from './width/no-bits.js';

/** The checks of a finished module, in the order in which they report. */
export const CHECKS: readonly ((subject: Subject) => readonly Diagnostic[])[] = [
  checkNames,
  checkVisibility,
  checkConnections,
  checkUnknownParameters,
  checkParameterRange,
  checkParameterRelation,
  checkNoBits,
  checkIndexRange,
  checkUndriven,
  checkPartlyDriven,
  checkDrivenTwice,
  checkRegisters,
  checkLoops,
  checkUnread,
  checkUnreadBits,
  checkDeadParameter,
  checkReset,
];
