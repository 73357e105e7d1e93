import { type TextParameter, text } from '../../hdl/index.js';
import { MATCHES, type Matched, matched } from './matches.js';

/** Folder of the memory images in a design directory, and the default of `MEM_DIR`. */
const IMAGE_FOLDER = 'mem/';

/** Every module above a ROM has the folder as a parameter of one name, and hands it on. */
export const MEM_DIR = { parameter: 'MEM_DIR' } as const;

/** File of an image. The name of the design is in it, because the images of several designs may meet in one folder. */
function imageFile(design: string, image: string): string {
  return `${design}_${image}.mem`;
}

/** Path of an image in a design directory. */
export function imagePath(design: string, image: string): string {
  return `${IMAGE_FOLDER}${imageFile(design, image)}`;
}

/** Path of the bytes that load a model in a design directory. */
export function loadPath(design: string): string {
  return `${IMAGE_FOLDER}${design}.bin`;
}

/** Parameter with the folder of the images. */
export function folderParameter(): Matched<TextParameter> {
  const doc = 'Folder of the memory images, with its / at the end; empty: the working directory';
  return matched(text(IMAGE_FOLDER, doc), MATCHES.folder);
}

/** Parameter with the file of an image. */
export function imageParameter(design: string, image: string, doc: string): Matched<TextParameter> {
  return matched(text(imageFile(design, image), doc), MATCHES.image);
}
