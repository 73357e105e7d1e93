import {
  defineModule,
  type ModuleDefinition,
  type Port,
  type TypedModule,
} from '../../hdl/index.js';
import type { Matched } from '../images/matches.js';

/** `defineModule` for the blocks of a core: each parameter has to say what it must match in the memory images. */
export const defineBlock: <
  const P extends Record<string, Matched>,
  const Q extends Record<string, Port>,
>(
  definition: ModuleDefinition<P, Q>,
) => TypedModule<Q> = defineModule;
