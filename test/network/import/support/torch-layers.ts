import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { FloatNetwork } from '../../../../generator/network/float/run.js';
import { importNetwork } from '../../../../generator/network/import/import.js';
import type { Imported } from '../../../../generator/network/import/imported.js';

const folder = 'test/network/import/files/torch-layers/';
const { frames, outputs } = JSON.parse(readFileSync(`${folder}expected.json`, 'utf8')) as {
  readonly frames: readonly (readonly number[])[][];
  readonly outputs: Readonly<Record<string, readonly (readonly number[])[][]>>;
};

export const bytesOf = (name: string) => readFileSync(folder + name);
export const read = (name: string, ...map: string[]): Imported =>
  importNetwork(bytesOf(name), name, { map });

/** The network of the file computes what torch has computed with it, to 1e-5. */
export function agrees(name: string, ...map: string[]): void {
  const network = new FloatNetwork(read(name, ...map).model);
  frames.forEach((utterance, u) => {
    network.reset();
    utterance.forEach((frame, t) => {
      const own = network.step(Float64Array.from(frame)).outputs;
      const theirs = outputs[name]?.[u]?.[t] ?? [];
      expect(own).toHaveLength(theirs.length);
      own.forEach((value, i) => {
        const far = Math.abs(value - (theirs[i] as number));
        expect(far, `utterance ${u}, frame ${t}, output ${i}`).toBeLessThan(1e-5);
      });
    });
  });
}
