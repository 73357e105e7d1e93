import {
  type Hardware,
  isLoaded,
  loadBitsOf,
  loadLayout,
  loadStream,
  residentsOf,
} from '../accelerator/index.js';
import type { ModelLoad } from './design.js';

/** What puts a model into every place of a design whose model is loaded; absent where it lies in ROMs. `images`: by path. */
export function modelLoad(
  hardware: Hardware,
  images: ReadonlyMap<string, string>,
): { readonly load?: ModelLoad } {
  if (!isLoaded(hardware)) return {};
  const layout = loadLayout(hardware);
  const places = residentsOf(hardware);
  const loads = Array.from({ length: places }, (_, place) => loadStream(layout, images, place));
  const beatBytes = loadBitsOf(hardware) / 8;
  return { load: { beatBytes, places, bytes: Buffer.concat(loads) } };
}
