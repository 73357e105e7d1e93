import { IHP_SG13G2 } from './ihp-sg13g2.js';
import type { MacroList } from './macro.js';

/** Lists of macros that hcgs has, by name. */
export const MACRO_PRESETS: Readonly<Record<string, MacroList>> = { 'ihp-sg13g2': IHP_SG13G2 };
