import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Configuration, chipMemories } from '../../generator/accelerator/index.js';
import { memories } from '../../generator/accelerator/memory/stores.js';
import { planDesign } from '../../generator/accelerator/plan/plan.js';
import { models } from '../support/networks.js';

const planned = fc.record({
  model: models,
  macs: fc.constantFrom(4, 8, 16, 64),
  style: fc.constantFrom('parameterized' as const, 'specialised' as const),
});

/** Bits of ROMs and of RAMs, as macros and as the estimate counts them. */
function bitsOf(c: Configuration) {
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  const macros = (kind: 'rom' | 'ram'): number =>
    sum(
      chipMemories(c)
        .macros.filter((m) => m.kind === kind)
        .map((m) => m.words * m.bits * m.instances.length),
    );
  const estimated = (ram: boolean): number =>
    sum(
      memories(c)
        .filter((m) => (m.kind === 'ram') === ram)
        .map((m) => m.width * m.depth * m.copies),
    );
  return {
    macros: [macros('rom'), macros('ram')],
    estimated: [estimated(false), estimated(true)],
  };
}

describe('the memories of a design as macros', () => {
  test('have the bits that the estimate counts, whatever the shape', () => {
    fc.assert(
      fc.property(planned, ({ model, macs, style }) => {
        const { configuration } = planDesign(model, { name: 'dut', macs, style });
        const { macros, estimated } = bitsOf(configuration);
        expect(macros).toEqual(estimated);
      }),
      { numRuns: 8 },
    );
  });

  test('are the same in both styles of Verilog, but for names', () => {
    fc.assert(
      fc.property(models, (model) => {
        const [a, b] = (['parameterized', 'specialised'] as const).map((style) =>
          chipMemories(planDesign(model, { name: 'dut', macs: 8, style }).configuration).macros.map(
            ({ words, bits, image, ports, instances }) => ({
              ...{ words, bits, image, ports, instances: instances.length },
            }),
          ),
        );
        expect(a).toEqual(b);
      }),
      { numRuns: 3 },
    );
  });

  test('have names, ports and places', () => {
    const model = fc.sample(models, { numRuns: 1, seed: 4 })[0];
    if (model === undefined) throw new Error('no model');
    const { configuration } = planDesign(model, { name: 'dut', macs: 16 });
    const { macros, blocks, registers } = chipMemories(configuration);
    const weights = macros.find(({ image }) => image === 'mem/dut_weights_0.mem');
    expect(weights?.name).toMatch(/^dut_rom_\d+x\d+_weights_0$/);
    expect(weights?.instances).toEqual(['u_core.u_weights.u_bank_0']);
    expect(weights?.ports.map(({ name }) => name)).toEqual(['clk', 'enable', 'address', 'data']);
    expect(weights?.ports.at(-1)?.bits).toBe(weights?.bits);
    expect(new Set(macros.map(({ name }) => name)).size).toBe(macros.length);
    expect(blocks).toContainEqual({ instance: 'u_array', module: 'dut_mac_array' });
    expect(blocks.map(({ module }) => module)).not.toContain('dut_rom');
    // the queue of the output stream is no macro
    expect(registers.map(({ path }) => path)).toEqual(['u_core.u_output.queue']);
  });
});
