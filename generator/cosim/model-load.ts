import {
  enginesOf,
  type Hardware,
  hasBus,
  isLoaded,
  loadBitsOf,
  loadLayout,
  loadStream,
  residentsOf,
} from '../accelerator/index.js';
import type { CosimDesign } from './design.js';

/** What puts a model into every place of a design whose model is loaded; absent where it lies in ROMs; and whether it has a bus, and one that reaches states. `images`: by path. */
export function modelLoad(
  hardware: Hardware,
  images: ReadonlyMap<string, string>,
): Pick<CosimDesign, 'load' | 'bus' | 'states'> {
  const states = enginesOf(hardware)[0].busStates ? ({ states: true } as const) : {};
  const bus = hasBus(hardware) ? ({ bus: true, ...states } as const) : {};
  if (!isLoaded(hardware)) return bus;
  const layout = loadLayout(hardware);
  const places = residentsOf(hardware);
  const loads = Array.from({ length: places }, (_, place) => loadStream(layout, images, place));
  const beatBytes = loadBitsOf(hardware) / 8;
  return { ...bus, load: { beatBytes, places, bytes: Buffer.concat(loads) } };
}
