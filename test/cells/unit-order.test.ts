import { describe, expect, test } from 'vitest';
import { ordersOn, planDesign } from '../../generator/accelerator/index.js';
import { hazards } from '../../generator/accelerator/schedule/hazards.js';
import { orderOf } from '../../generator/accelerator/schedule/order.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { type UnitOrders, withOrders } from '../../generator/network/unit-order.js';
import { expectExact, simulate } from '../support/simulate.js';

const quarter = { k: 1, n: 4 };
const drawn = (options: Partial<RandomOptions>) =>
  randomModel({
    ...{ cell: 'dense-relu', inputs: 128, hidden: [128, 128, 128], outputs: 0, sharing: 'shared' },
    patterns: [{ kind: 'hcgs', blocks: [16, 4], keep: [quarter, quarter] }],
    words: { weight: 6, activation: 12, cell: 16, bias: 14 },
    seed: 4,
    ...options,
  });

describe('a chain of sparse layers of one operand', () => {
  const model = drawn({});

  test('keeps the array busy in another order of its units: exact, in the cycles predicted', async () => {
    const kept = planDesign(model, { name: 'dut', macs: 16, keepOrder: true });
    const { configuration, prediction, orders } = planDesign(model, { name: 'dut', macs: 16 });
    expect(kept.orders).toBeNull();
    expect(prediction.cyclesPerFrame).toBeLessThan(kept.prediction.cyclesPerFrame);
    const ideal = (3 * 128 * 128) / 16 / 16;
    expect(ideal / prediction.cyclesPerFrame).toBeGreaterThan(0.97);
    const placed = withOrders(model, orders as UnitOrders);
    expect(hazards(orderOf(configuration, placed))).toEqual([]);
    expectExact(await simulate(configuration, placed, { frames: 12, seed: 5, protocol: true }));
  });

  test('gets the same order on a configuration that there is', () => {
    const { configuration, orders } = planDesign(model, { name: 'dut', macs: 16 });
    expect(ordersOn(configuration, model)).toEqual(orders);
    expect(ordersOn(configuration, withOrders(model, orders as UnitOrders))).toBeNull();
  });

  test('is left as it is where no order saves a cycle', () => {
    const dense = drawn({ patterns: [null], hidden: [32, 32] });
    expect(planDesign(dense, { name: 'dut', macs: 16 }).orders).toBeNull();
    const lstm = drawn({ cell: 'lstm', hidden: [64, 64] });
    expect(planDesign(lstm, { name: 'dut', macs: 64 }).orders).toBeNull();
  });
});
