import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../../generator/base/package.js';
import { FloatNetwork } from '../../../../generator/network/float/run.js';
import { readNpy } from '../../../../generator/network/formats/npy.js';
import { importNetwork } from '../../../../generator/network/import/import.js';

const folder = resolve(packageRoot, '../shared/data/zoo');
const there = existsSync(folder);
if (!there) console.warn(`skipped: the trained networks of others are not at ${folder}`);

/** What torch 1.13 gives in frames 74 and 149 of each utterance. */
const TORCH = [
  {
    file: 'sugar_creek_trained.pt',
    frames: 'noaa_sugar_frames.npy',
    taken: 6,
    middle: [-0.0399821400642395, -0.29972076416015625, -0.2319917231798172, -0.27745404839515686],
    last: [-0.28550630807876587, -0.2857128381729126, -0.003573894500732422, 0.45271679759025574],
  },
  {
    file: 'model_epoch009.pt',
    frames: 'noaa_aorc_frames.npy',
    taken: 6,
    middle: [-0.3170066475868225, -0.32705560326576233, -0.33550697565078735, 2.2507476806640625],
    last: [-0.34028923511505127, -0.3278532028198242, -0.28676772117614746, 0.6951839327812195],
  },
];

describe.skipIf(!there)('networks for the flow of rivers, as published', () => {
  it.each(TORCH)('$file', ({ file, frames, taken, middle, last }) => {
    const imported = importNetwork(readFileSync(resolve(folder, file)), file);
    expect(imported.taken).toHaveLength(taken);
    const { shape, data } = readNpy(readFileSync(resolve(folder, frames)), frames);
    const [utterances, length, inputs] = shape as [number, number, number];
    expect([utterances, length, inputs]).toEqual([4, 150, imported.model.layers[0]?.inputs]);
    const network = new FloatNetwork(imported.model);
    for (let u = 0; u < utterances; u++) {
      network.reset();
      const outputs = Array.from({ length }, (_, t) => {
        const at = (u * length + t) * inputs;
        return network.step(data.slice(at, at + inputs)).outputs[0] as number;
      });
      expect(outputs[74]).toBeCloseTo(middle[u] as number, 5);
      expect(outputs[149]).toBeCloseTo(last[u] as number, 5);
    }
  });

  it('says that the one takes its states, and which modules the other one has without weights', () => {
    const [sugar, aorc] = TORCH.map(({ file }) =>
      importNetwork(readFileSync(resolve(folder, file)), file),
    );
    expect(sugar?.notes[1]).toContain('takes input_layer, h_t, c_t');
    expect(sugar?.leftOut).toEqual([]);
    expect(aorc?.notes[0]).toContain('embedding_net.statics_embedding');
    expect(aorc?.leftOut.map(({ name }) => name)).toEqual(['dropout']);
  });
});
