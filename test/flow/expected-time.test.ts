import { describe, expect, test } from 'vitest';
import type { Configuration } from '../../generator/accelerator/plan/configuration.js';
import { expectedText, expectedWork, placeSpan } from '../../generator/flow/expected-time.js';
import { NAMES, testDesign } from '../accelerator/resources/support/designs.js';

const { configuration } = testDesign(NAMES[0] as (typeof NAMES)[0]);
const asked = { synthesisOnly: false, effort: 'normal' } as const;
const work = (target: string, options: object = {}, c: Configuration = configuration) =>
  expectedWork(c, target, { ...asked, ...options });

describe('the time that synth should take', () => {
  test('has a part for each tool that runs', () => {
    const tools = (target: string, options: object = {}) =>
      work(target, options).map(({ tool }) => tool);
    expect(tools('ecp5')).toEqual(['Yosys', 'nextpnr']);
    expect(tools('ecp5', { synthesisOnly: true })).toEqual(['Yosys']);
    expect(tools('asic')).toEqual(['Yosys']);
    expect(tools('xilinx')).toEqual(['Yosys']);
    // nothing is placed where it cannot fit
    expect(tools('ice40', { device: 'HX1K' })).toEqual(['Yosys']);
  });

  test('grows with the seeds of high effort, of which a clock asked for may need but one', () => {
    const place = (options: object = {}) => work('ecp5', options)[1]?.seconds;
    const { low = 0, high = 0 } = place() ?? {};
    expect(place({ effort: 'high' })).toEqual({ low: 5 * low, high: 5 * high });
    expect(place({ effort: 'high', clockMHz: 90 })).toEqual({ low, high: 5 * high });
  });

  test('on a device that is nearly full can be four times as long', () => {
    const seconds = { start: 10, perLut: 0.01 };
    expect(placeSpan(seconds, 1000, { luts: 2000 })).toEqual({ low: 10, high: 40 });
    expect(placeSpan(seconds, 1000, { luts: 1500 })).toEqual({ low: 10, high: 160 });
  });

  test('is told in seconds or minutes', () => {
    const yosys = (low: number, high: number) => ({ tool: 'Yosys', seconds: { low, high } });
    const nextpnr = { tool: 'nextpnr', seconds: { low: 30, high: 124 } };
    expect(expectedText([yosys(2.4, 9.6)])).toBe('about 2 to 10 s of Yosys');
    expect(expectedText([yosys(14, 58)])).toBe('about 10 to 60 s of Yosys');
    expect(expectedText([yosys(14, 58), nextpnr])).toBe(
      'about 1 to 3 minutes: Yosys 10 to 60 s, nextpnr 1 to 2 minutes',
    );
    expect(expectedText([yosys(0.1, 0.4)])).toBe('about 1 s of Yosys');
  });
});
