import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { packageRoot } from '../../generator/base/package.js';
import { compress } from '../../generator/network/compress/compress.js';
import { type FrameSet, frameArray } from '../../generator/network/data/frame-set.js';
import { labelsOf } from '../../generator/network/data/labels.js';
import { readNpy } from '../../generator/network/formats/npy.js';
import { readSafetensors } from '../../generator/network/formats/safetensors.js';
import { importPytorch } from '../../generator/network/import/pytorch/import-pytorch.js';

const folder = resolve(packageRoot, '../shared/data/kws');

/** Trained keyword-spotting networks that lie beside the checkout on some machines. */
export const hasKws = existsSync(folder);
if (!hasKws) console.warn(`skipped: the keyword-spotting networks are not at ${folder}`);

export const STANDARD_WORDS = { weight: 6, activation: 13, cell: 16, bias: 16 } as const;

export function kwsNpy(name: string) {
  const path = resolve(folder, `${name}.npy`);
  return readNpy(readFileSync(path), path);
}

/** Frames of a set of clips. */
export const kwsFrames = (set: string): FrameSet =>
  frameArray(kwsNpy(`${set}_frames`), { inputs: 64, file: set });

/** Their classes. */
export const kwsLabels = (set: string): Int32Array =>
  labelsOf(
    { ...kwsNpy(`${set}_labels`), place: String },
    { frames: kwsFrames(set), classes: 12, file: set },
  );

export function kwsNetwork(name: string) {
  const path = resolve(folder, `${name}.safetensors`);
  return importPytorch(readSafetensors(readFileSync(path), path), path).model;
}

/** A network compressed with the standard word lengths; formats from the first clips of `frames`. */
export function kwsCompressed(name: string, blocks?: readonly number[]) {
  return compress(kwsNetwork(name), {
    words: STANDARD_WORDS,
    frames: kwsFrames('val'),
    shapes: blocks && [{ kind: 'hcgs', blocks }],
    fill: false,
    dense: false,
    provenance: {},
    file: name,
  });
}
