import { MAP_HELP } from '../../network/import/map.js';
import { list } from './options.js';

/** How a float network is read. */
export const importOptions = { map: list(MAP_HELP.describe, MAP_HELP.example) };
