import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { emitVerilog, planDesign } from '../../../../generator/accelerator/index.js';
import { atOnce } from '../../../../generator/base/steps.js';
import { assembleDesign, manifestSignals } from '../../../../generator/design/write/assemble.js';
import { modelBytes, parseModelFile } from '../../../../generator/network/compressed-model.js';
import type { Model } from '../../../../generator/network/model.js';
import { randomModel } from '../../../../generator/network/random.js';
import { format1Bytes } from '../../../support/format-1.js';

/** Written by the last version that wrote format 1, from the network below. */
const kept = readFileSync(new URL('small.safetensors', import.meta.url));
const half = { k: 1, n: 2 };
const drawn = randomModel({
  inputs: 10,
  hidden: [12, 8],
  patterns: [
    { kind: 'hcgs', blocks: [8, 4], keep: [half, half] },
    { kind: 'hcgs', blocks: [4], keep: [half] },
  ],
  sharing: 'per-gate',
  outputs: 3,
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  seed: 3,
});

/** Every file of a design, and what goes into its manifest. */
function designOf(model: Model, bytes: Uint8Array) {
  const { configuration, prediction } = planDesign(model, { name: 'kept', macs: 64 });
  const rtl = {
    files: emitVerilog(configuration),
    signals: manifestSignals(configuration, false),
  };
  const { files, body } = atOnce(assembleDesign(configuration, { model, bytes }, rtl, prediction));
  return { files: new Map(files), body };
}

it('a file of format 1 gives the design that its file of format 2 gives, but for the model in it', () => {
  const before = parseModelFile(kept, 'small.safetensors');
  expect(before).toEqual({ format: 1, model: drawn });
  const bytes = modelBytes(before.model);
  const after = parseModelFile(bytes, 'again.safetensors');
  expect(after).toEqual({ format: 2, model: drawn });
  const [one, two] = [designOf(before.model, kept), designOf(after.model, bytes)];
  expect(two.body).toEqual(one.body);
  expect([...two.files.keys()]).toEqual([...one.files.keys()]);
  const different = [...two.files].filter(
    ([path, text]) => !Buffer.from(text).equals(Buffer.from(one.files.get(path) as Uint8Array)),
  );
  expect(different.map(([path]) => path)).toEqual(['model.safetensors']);
});

it('the writer that tests have of format 1 writes the same file', () => {
  expect(Buffer.from(format1Bytes(drawn)).equals(kept)).toBe(true);
});
