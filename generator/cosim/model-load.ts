import {
  type Hardware,
  hasBus,
  isLoaded,
  loadBitsOf,
  loadLayout,
  loadStream,
  residentsOf,
} from '../accelerator/index.js';
import type { CosimDesign } from './design.js';

/** What puts a model into every place of a design whose model is loaded; absent where it lies in ROMs; and whether it has a bus. `images`: by path. */
export function modelLoad(
  hardware: Hardware,
  images: ReadonlyMap<string, string>,
): Pick<CosimDesign, 'load' | 'bus'> {
  const bus = hasBus(hardware) ? ({ bus: true } as const) : {};
  if (!isLoaded(hardware)) return bus;
  const layout = loadLayout(hardware);
  const places = residentsOf(hardware);
  const loads = Array.from({ length: places }, (_, place) => loadStream(layout, images, place));
  const beatBytes = loadBitsOf(hardware) / 8;
  return { ...bus, load: { beatBytes, places, bytes: Buffer.concat(loads) } };
}
