import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../generator/base/package.js';
import { FloatNetwork } from '../../../generator/network/float/run.js';
import { readNpy } from '../../../generator/network/formats/npy.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import { refusal } from '../../support/refusal.js';

const folder = resolve(packageRoot, 'test/network/import/files');
const bytesOf = (name: string) => readFileSync(resolve(folder, name));
const arrayOf = (name: string) => readNpy(bytesOf(name), name);

describe('heads as PyTorch exports them', () => {
  it('a dense layer on h_n[-1] of two layers is taken, and computes what PyTorch computed', () => {
    const { model, notes } = importNetwork(bytesOf('head-A1.onnx'), 'head-A1.onnx');
    const [x, y] = [arrayOf('head-A1.x.npy'), arrayOf('head-A1.y.npy')];
    const [batch, frames, inputs] = x.shape as [number, number, number];
    const network = new FloatNetwork(model);
    const got = Array.from({ length: batch }, (_, utterance) => {
      network.reset();
      let outputs: readonly number[] = [];
      for (let t = 0; t < frames; t++) {
        const start = (utterance * frames + t) * inputs;
        outputs = [...network.step(x.data.slice(start, start + inputs)).outputs];
      }
      return outputs;
    }).flat();
    expect(got).toHaveLength(y.data.length);
    got.forEach((value, i) => {
      expect(Math.abs(value - (y.data[i] as number))).toBeLessThan(1e-5);
    });
    expect(notes).toEqual([
      'frames are graph input x [batch, frames, 5]',
      'outputs are output y [batch, 3]; the file computes it for the last frame only, the hardware for every frame',
    ]);
  });

  it.each([
    [
      'head-G1.onnx',
      '/Relu',
      /output y .*--map fc=none.*got Relu: behind the sums of \/fc1\/MatMul/,
    ],
    ['head-conv.onnx', 'conv1x1', /output o .*--map fc=none.*got Conv/],
  ])('%s is refused by name, and h alone is there for who wants it', (name, field, says) => {
    const report = refusal(() => importNetwork(bytesOf(name), name));
    expect(report).toMatchObject({ code: 'OUTPUT_NOT_TAKEN', field });
    expect(report.message).toMatch(says);
    const { model, notes, headLeftOut } = importNetwork(bytesOf(name), name, { map: ['fc=none'] });
    expect(model.output).toBeNull();
    expect(headLeftOut).toBe(true);
    expect(notes.join('\n')).toContain(`is left out (--map fc=none): it depends on h through`);
  });
});
