import { describe, expect, test } from 'vitest';
import { planDesign } from '../../generator/accelerator/index.js';
import { top } from '../../generator/accelerator/top.js';
import {
  checkDesign,
  emitDesign,
  modulesBelow,
  showDiagnostic,
  specialise,
} from '../../generator/hdl/index.js';
import { randomShape } from '../support/random-shapes.js';

/** HCGS_SEED chooses other shapes, HCGS_RUNS more of them. */
const FIRST = Number(process.env.HCGS_SEED ?? 1);
const SEEDS = Array.from({ length: 6 * Number(process.env.HCGS_RUNS ?? 1) }, (_, i) => FIRST + i);

describe('the description language finds nothing to complain of', () => {
  test.each(SEEDS)('in the accelerator of random shape %i', (seed) => {
    const shape = randomShape(seed);
    const { configuration } = planDesign(shape.model(1), { ...shape.options, name: 'dut' });
    const module = top(configuration);
    expect(checkDesign(module).map(showDiagnostic), `HCGS_SEED=${seed}`).toEqual([]);
    expect(checkDesign(specialise(module)).map(showDiagnostic), 'specialised').toEqual([]);
  });
});

test('every warning that a block waives would be given', () => {
  const shape = randomShape(2);
  const { configuration } = planDesign(shape.model(1), { ...shape.options, name: 'dut' });
  const blocks = modulesBelow(top(configuration)).filter(({ waivers }) => waivers.length > 0);
  expect(blocks.map(({ name }) => name)).toEqual(['dut_sequencer', 'dut_hcgs_decoder']);
  for (const block of blocks) {
    for (const waiver of block.waivers) {
      const others = block.waivers.filter((other) => other !== waiver);
      const found = checkDesign({ ...block, waivers: others });
      expect(found.length, `${block.name}: ${waiver.path}`).toBeGreaterThan(0);
    }
  }
});

test('no latch is in the accelerator: every always block has a clock edge', () => {
  const shape = randomShape(2);
  const { configuration } = planDesign(shape.model(1), { ...shape.options, name: 'dut' });
  const text = [...emitDesign(top(configuration)).modules.values()].join('\n');
  const heads = text.match(/^ *always\b.*$/gm) ?? [];
  expect(heads.length).toBeGreaterThan(20);
  expect([...new Set(heads.map((head) => head.trim()))]).toEqual(['always @(posedge clk) begin']);
});
