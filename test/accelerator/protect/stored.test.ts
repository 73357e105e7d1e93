import { describe, expect, test } from 'vitest';
import { styledPlain } from '../../../generator/accelerator/build/styled.js';
import {
  type DesignOptions,
  enginesOf,
  estimateHardware,
  hardwareImages,
  memories,
  planHardware,
} from '../../../generator/accelerator/index.js';
import { atOnce } from '../../../generator/base/steps.js';
import { inventory } from '../../../generator/hdl/index.js';
import { randomModel } from '../../../generator/network/random.js';
import { STANDARD_WORDS } from '../../support/kws.js';

const model = randomModel({
  ...{ inputs: 5, hidden: [128, 128], outputs: 3, sharing: 'shared', seed: 3 },
  words: STANDARD_WORDS,
  patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }],
});

const planned = (options: Partial<DesignOptions>, engines?: number) =>
  planHardware(model, { name: 'dut', macs: 64, tileRows: 4, tileColumns: 4, ...options }, engines);

const CASES: readonly (readonly [string, Partial<DesignOptions>, number])[] = [
  ['ROMs, SECDED', { protect: 'secded' }, 1],
  ['ROMs, parity, two engines', { protect: 'parity' }, 2],
  ['loaded words that share rows, SECDED', { protect: 'secded', weights: 'loaded' }, 1],
  ['loaded words that share rows, parity', { protect: 'parity', weights: 'loaded' }, 1],
];

/** Words by their width: few words beyond a power of two may stand in a memory of their own. */
function wordsOf(sizes: readonly string[]): Readonly<Record<string, number>> {
  const words: Record<string, number> = {};
  for (const size of sizes) {
    const [depth, width] = size.split(' x ') as [string, string];
    words[width] = (words[width] ?? 0) + Number(depth);
  }
  return words;
}

describe('the words that a design stores with check bits', () => {
  test.each(CASES)(
    'are those of the memories in its description: %s',
    (_title, options, engines) => {
      const { hardware, cuts } = planned(options, engines);
      const said = enginesOf(hardware)
        .flatMap(memories)
        .flatMap(({ kind, width, depth, copies }) =>
          kind === 'ram' ? [] : Array.from({ length: copies }, () => `${depth} x ${width}`),
        );
      const found = inventory(styledPlain(hardware)).memories.flatMap(
        ({ image, unset, width, depth }) =>
          image !== null || unset === true ? [`${depth} x ${width}`] : [],
      );
      expect(wordsOf(found)).toEqual(wordsOf(said));
      const bits = (sizes: readonly string[]) =>
        sizes.reduce((sum, size) => {
          const [depth = 0, width = 0] = size.split(' x ').map(Number);
          return sum + depth * width;
        }, 0);
      const figures = estimateHardware(hardware, model, cuts);
      const plain = planned({ ...options, protect: 'none' }, engines);
      const without = inventory(styledPlain(plain.hardware)).memories.flatMap(
        ({ image, unset, width, depth }) =>
          image !== null || unset === true ? [`${depth} x ${width}`] : [],
      );
      expect(figures.protection?.checkBits).toBe(bits(found) - bits(without));
      expect(estimateHardware(plain.hardware, model, cuts)).toEqual(
        (({ protection: _, ...rest }) =>
          'engines' in rest
            ? { ...rest, engines: rest.engines.map(({ protection: _own, ...own }) => own) }
            : rest)(figures),
      );
    },
  );

  test('are in the images of ROMs, and not in those of a load', () => {
    const of = (options: Partial<DesignOptions>) =>
      atOnce(hardwareImages(planned(options).hardware, model, []));
    const loaded = of({ weights: 'loaded', protect: 'secded' });
    expect(loaded).toEqual(of({ weights: 'loaded' }));
    const [plain, secded] = [of({}), of({ protect: 'secded' })];
    expect([...secded.keys()]).toEqual([...plain.keys()]);
    for (const [path, text] of plain) expect(secded.get(path), path).not.toBe(text);
  });
});
