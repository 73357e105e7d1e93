import type { Diagnostic } from '../diagnostics.js';
import { checkConnections } from './connections.js';
import { checkDeadParameter } from './dead-parameter.js';
import { checkDrivenTwice } from './driven-twice.js';
import { checkIndexRange } from './index-range.js';
import { checkLoops } from './loops/check.js';
import { checkNames } from './names.js';
import { checkNoBits } from './no-bits.js';
import { checkParameterRange } from './parameter-range.js';
import { checkParameterRelation } from './parameter-relation.js';
import { checkPartlyDriven } from './partly-driven.js';
import type { Subject } from './points.js';
import { checkRegisters } from './registers.js';
import { checkReset } from './reset.js';
import { checkUndriven } from './undriven.js';
import { checkUnknownParameters } from './unknown-parameters.js';
import { checkUnread } from './unread.js';
import { checkUnreadBits } from './unread-bits.js';
import { checkVisibility } from './visibility.js';

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
