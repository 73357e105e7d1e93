import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  buildImages,
  loadLayout,
  loadStream,
  placeOn,
  planDesign,
} from '../../../generator/accelerator/index.js';
import { Random } from '../../../generator/base/random.js';
import type { CosimDesign } from '../../../generator/cosim/design.js';
import type { Operation } from '../../../generator/cosim/driver/operations.js';
import { utteranceOf } from '../../../generator/cosim/scoreboard/reference.js';
import { GoldenNetwork } from '../../../generator/golden/network.js';
import { randomModel } from '../../../generator/network/random.js';
import { coreBench } from '../../support/core-bench.js';
import { STANDARD_WORDS } from '../../support/kws.js';
import { designOf } from '../../support/simulate.js';

const SEED = Number(process.env.HCGS_LOAD_SEED ?? 1);
const INPUTS = 5;

/** Networks of one shape and different cost. */
function network(seed: number, keep: number, hidden: readonly number[]) {
  return randomModel({
    ...{ inputs: INPUTS, hidden, outputs: 3, sharing: 'shared', seed },
    words: STANDARD_WORDS,
    patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: keep, n: 4 }] }],
  });
}

const dense = network(3, 4, [16, 8]);
const models = [dense, network(4, 2, [16, 8]), network(5, 1, [12])];

/** A design with all of them, each in its place. */
function resident(directory: string): CosimDesign {
  const { configuration: c } = planDesign(dense, {
    ...{ name: 'dut', macs: 16, weights: 'loaded', residents: models.length },
    fit: models.slice(1).map((model) => ({ model })),
  });
  const layout = loadLayout(c);
  const placed = models.map((model) => placeOn(c, model, { keepOrder: true, file: '' }).model);
  const loads = placed.map((model, place) => loadStream(layout, buildImages(c, model), place));
  const design = designOf(c, dense, directory);
  return { ...design, load: { beatBytes: 4, places: models.length, bytes: Buffer.concat(loads) } };
}

async function complaintsOf(
  mutate: (design: CosimDesign) => CosimDesign = (design) => design,
): Promise<readonly string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'hcgs-residents-'));
  try {
    const random = new Random(SEED);
    const bench = await coreBench(mutate(resident(directory)));
    const references = models.map((model) => new GoldenNetwork(model));
    const operations: Operation[] = [];
    const expected: { readonly place: number; readonly outputs: readonly number[] }[] = [];
    for (let n = 0; n < 40; n++) {
      const place = random.below(models.length);
      const frames = Array.from({ length: random.between(1, 4) }, () =>
        Int32Array.from({ length: INPUTS }, () => random.between(-4096, 4095)),
      );
      operations.push({ kind: 'model', place, change: 0 });
      operations.push(...frames.map((frame, k) => bench.frame(frame, k === 0)));
      for (const { outputs } of utteranceOf(references[place] as GoldenNetwork, frames)) {
        expected.push({ place, outputs: [...outputs] });
      }
    }
    const seen = await bench.run([...operations, { kind: 'drain' }, { kind: 'status' }], {
      stall: 0.2,
      seed: SEED,
    });
    const outputs = seen.filter((one) => one.kind === 'output').map(({ values }) => [...values]);
    const faults = seen.filter((one) => one.kind === 'fault').map(({ fault }) => fault);
    const wrong = expected.flatMap((one, n) => {
      const got = outputs[n]?.slice(0, one.outputs.length);
      return JSON.stringify(got) === JSON.stringify(one.outputs)
        ? []
        : [`frame ${n} of model ${one.place}`];
    });
    return [...faults, ...wrong];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function changed(from: RegExp, to: string) {
  return (design: CosimDesign): CosimDesign => {
    const verilog = new Map(
      [...design.verilog].map(([file, text]) => [file, text.replace(from, to)]),
    );
    expect([...verilog.values()].join()).not.toBe([...design.verilog.values()].join());
    return { ...design, verilog };
  };
}

describe('models that stay resident', () => {
  test(`three networks in turn, seed ${SEED}`, async () => {
    expect(await complaintsOf()).toEqual([]);
  });

  test.each<[string, RegExp, string]>([
    [
      'a change waits for no frame',
      /wire change = asks && other && there && !busy;/,
      'wire change = asks && other && there;',
    ],
    ['the core is not started anew', /restart <= 1'b1;/, "restart <= 1'b0;"],
    ['the place is not looked at', /wire write = asked && [^;]*;/g, 'wire write = asked;'],
    ['the first model is always read', /wire read = model == place;/g, 'wire read = place == 0;'],
  ])('a mutant is found: %s', async (_title, from, to) => {
    expect(await complaintsOf(changed(from, to))).not.toEqual([]);
  });
});
