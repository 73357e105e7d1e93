import {
  enginesOf,
  type Hardware,
  hasBus,
  isLoaded,
  loadBitsOf,
  loadLayout,
  loadStream,
  protectionOf,
  residentsOf,
} from '../accelerator/index.js';
import type { CosimDesign } from './design.js';

/** What puts a model into every place of a design whose model is loaded; absent where it lies in ROMs; and whether it has a bus, one that reaches states, and check bits in its memories. `images`: by path. */
export function modelLoad(
  hardware: Hardware,
  images: ReadonlyMap<string, string>,
): Pick<CosimDesign, 'load' | 'bus' | 'states' | 'protect'> {
  const beside = {
    ...(hasBus(hardware) && { bus: true as const }),
    ...(hasBus(hardware) && enginesOf(hardware)[0].busStates && { states: true as const }),
    ...(protectionOf(hardware) && { protect: true as const }),
  };
  if (!isLoaded(hardware)) return beside;
  const layout = loadLayout(hardware);
  const places = residentsOf(hardware);
  const loads = Array.from({ length: places }, (_, place) => loadStream(layout, images, place));
  const beatBytes = loadBitsOf(hardware) / 8;
  return { ...beside, load: { beatBytes, places, bytes: Buffer.concat(loads) } };
}
