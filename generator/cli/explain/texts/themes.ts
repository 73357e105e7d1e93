import type { Theme } from '../explanation.js';
import { COMPRESSING } from './compressing.js';
import { CONTAINERS } from './containers.js';
import { DESIGNS } from './designs.js';
import { FILES } from './files.js';
import { FRAMES } from './frames.js';
import { LANGUAGE } from './language.js';
import { NETWORKS } from './networks.js';
import { PROGRAMS } from './programs.js';
import { SWEEPS } from './sweeps.js';
import { TOOLS } from './tools.js';
import { USAGE } from './usage.js';

/** Every code of an error, by theme, in the order in which a user meets them. */
export const THEMES: readonly Theme[] = [
  USAGE,
  FILES,
  CONTAINERS,
  FRAMES,
  NETWORKS,
  PROGRAMS,
  COMPRESSING,
  DESIGNS,
  SWEEPS,
  TOOLS,
  LANGUAGE,
];
