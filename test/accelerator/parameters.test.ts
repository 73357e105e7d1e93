import { describe, expect, test } from 'vitest';
import { defineBlock } from '../../generator/accelerator/build/define-block.js';
import { matched } from '../../generator/accelerator/images/matches.js';
import {
  buildImages,
  emitVerilog,
  parameterReference,
  planDesign,
} from '../../generator/accelerator/index.js';
import { integer } from '../../generator/hdl/index.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { CLEAN, lint } from '../support/lint.js';
import { randomShape } from '../support/random-shapes.js';

describe.each([1, 3, 14, 22])('the parameters of random shape %i', (seed) => {
  const shape = randomShape(seed, 12);
  const { configuration } = planDesign(shape.model(1), shape.options);

  test('each have a range, a meaning, and a word on the memory images', () => {
    const facts = parameterReference(configuration);
    expect(facts.length).toBeGreaterThan(60);
    for (const { name, value, range, doc, images } of facts) {
      expect(range, name).toMatch(
        value.startsWith('"') ? /^$/ : /^(at least )?\d+( … \d+)?(; \w+ must [\w ]+)*$/,
      );
      expect(doc, name).not.toBe('');
      expect(images, name).not.toBe('');
    }
  });

  test('are names of images, and the trace, where the modules are specialised', () => {
    const facts = parameterReference({ ...configuration, style: 'specialised' });
    expect(facts.length).toBeGreaterThan(5);
    const others = facts.filter(({ value }) => !value.startsWith('"'));
    expect(others.map(({ module, name }) => `${module}.${name}`)).toEqual([
      `${configuration.name}_cell_update.TRACE`,
      `${configuration.name}_core.TRACE`,
      `${configuration.name}.TRACE`,
    ]);
  });
});

test('a block without a word on the images is a type error', () => {
  const parameters = { WIDTH: integer(8, 'Bits') };
  const rest = { name: 'wordless', doc: '', ports: () => ({}), body: () => undefined };
  // @ts-expect-error: the parameter does not say what it must match
  defineBlock({ ...rest, parameters });
  defineBlock({ ...rest, parameters: { WIDTH: matched(parameters.WIDTH, 'nothing') } });
});

describe('two designs of one structure and different sizes', () => {
  const k = (kept: number, n: number) => ({ k: kept, n });
  const small: RandomOptions = {
    ...{ inputs: 5, hidden: [8], sharing: 'shared', outputs: 2, seed: 1 },
    patterns: [{ kind: 'hcgs', blocks: [4, 2], keep: [k(1, 2), k(1, 2)] }],
    words: { weight: 3, activation: 7, cell: 9, bias: 5 },
  };
  const large: RandomOptions = {
    ...{ inputs: 40, hidden: [64, 48, 32], sharing: 'per-gate', outputs: 9, seed: 2 },
    patterns: [{ kind: 'hcgs', blocks: [16, 4], keep: [k(1, 2), k(2, 4)] }],
    words: { weight: 6, activation: 13, cell: 16, bias: 20 },
  };
  const texts = (options: RandomOptions, design: object): ReadonlyMap<string, string> => {
    const plan = planDesign(randomModel(options), { name: 'dut', ...design });
    expect(plan.configuration.rowGroups).toBe(1);
    const files = emitVerilog(plan.configuration);
    return new Map(
      [...files].map(([file, text]) => [file, text.replace(/^( *parameter \w+ = )\d+/gm, '$1N')]),
    );
  };
  const a = texts(small, { macs: 8, tileRows: 2, tileColumns: 1, cellLanes: 2, streamLanes: 1 });
  const b = texts(large, { macs: 64, tileRows: 4, tileColumns: 4, cellLanes: 1, streamLanes: 4 });

  test.each([...a.keys()].filter((file) => !/^rtl\/dut(_core)?\.v$/.test(file)))(
    'differ in %s by defaults only',
    (file) => {
      expect(b.get(file)).toBe(a.get(file));
    },
  );
});

describe('a value out of range stops all three tools with its message', () => {
  const shape = randomShape(3, 12);
  const model = shape.model(1);
  const { configuration } = planDesign(model, { ...shape.options, name: 'dut' });
  const files = new Map([...emitVerilog(configuration), ...buildImages(configuration, model)]);

  test.each([
    ['rom', 'WIDTH', 0, '1_to_65536'],
    ['ram', 'DEPTH', 0, 'at_least_1'],
    ['act_memory', 'ROWS', 1, 'at_least_2'],
    ['activation_memory', 'ACT_BITS', 3, '4_to_16'],
    ['weight_banks', 'BANK_BITS', 65537, '1_to_65536'],
    ['mac_array', 'WEIGHT_BITS', 17, '2_to_16'],
    ['sum_slots', 'SUM_SLOTS', 0, 'at_least_1'],
    ['lane_feed', 'ACC_BITS', 0, 'at_least_1'],
    ['gate_sum', 'SUM_BITS', 15, 'at_least_16'],
    ['lstm_lane', 'CELL_POINT', 11, 'at_least_12'],
    ['cell_update', 'BIAS_BITS', 25, '4_to_24'],
    ['sequencer', 'LAYERS', 0, 'at_least_1'],
    ['hcgs_decoder', 'STREAMS', 0, 'at_least_1'],
    ['frame_input', 'ACT_BITS', 17, '4_to_16'],
    ['frame_output', 'VALUE_BITS', 65, '1_to_64'],
  ])('%s with %s = %i', async (module, name, value, range) => {
    for (const said of Object.values(await lint(files, `dut_${module}`, { [name]: value }))) {
      expect(said).toMatch(/^exit [1-9]/);
      expect(said).toContain(`${name}_must_be_${range}`);
    }
  });
});

describe('values that do not fit each other stop all three tools with the relation', () => {
  const k = { k: 1, n: 2 };
  const model = randomModel({
    ...{ inputs: 16, hidden: [16], sharing: 'shared', outputs: 5, seed: 1 },
    patterns: [{ kind: 'hcgs', blocks: [8, 4], keep: [k, k] }],
    words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  });
  const { configuration } = planDesign(model, { name: 'dut', macs: 32, streamLanes: 2 });
  const files = new Map([...emitVerilog(configuration), ...buildImages(configuration, model)]);
  const output = {
    ...{ WRITE_LANES: 4, STREAM_LANES: 2, ROWS: 6, BEATS: 5, WRITE_WORDS: 3, READ_WORDS: 6 },
    ...{ WRITE_ADDRESS_BITS: 3, READ_ADDRESS_BITS: 4 },
  };
  const memory = {
    ...{ LANE_BITS: 5, WRITE_LANES: 2, READ_LANES: 8, ROWS: 3 },
    ...{ WRITE_ADDRESS_BITS: 4, READ_ADDRESS_BITS: 2 },
  };

  test.each([
    ['mac_array', { TILE_COLS: 3, ACC_BITS: 40 }, 'TILE_COLS must be a power of two'],
    ['act_memory', { ...memory, WRITE_LANES: 3 }, 'WRITE_LANES must be a power of two'],
    ['act_memory', { ...memory, READ_LANES: 6 }, 'READ_LANES must be a power of two'],
    ['activation_memory', { ADDRESS_BITS: 1 }, 'ADDRESS_BITS must be at least X_READ_BITS'],
    ['activation_memory', { H_READ_BITS: 30 }, 'ADDRESS_BITS must be at least H_READ_BITS'],
    ['frame_output', { ...output, ROWS: 5 }, 'ROWS must hold both buffers of WRITE_WORDS'],
    ['frame_output', { ...output, READ_WORDS: 7 }, 'ROWS must hold both buffers of READ_WORDS'],
    ['cell_update', { H_ADDRESS_BITS: 8, H_BUFFER_WORDS: 256 }, 'H_ADDRESS_BITS must reach both'],
    ['cell_update', { H_BUFFER_WORDS: 0 }, 'H_BUFFER_WORDS must be at least 1'],
    ['sequencer', { LAYER_BITS: 6 }, 'LAYER_BITS must hold the fields read here'],
    ['hcgs_decoder', { LAYER_BITS: 500 }, 'LAYER_BITS must be the sum of the fields'],
    ['hcgs_decoder', { GROUP_BITS: 9 }, 'LAYER_BITS must be the sum of the fields'],
    ['hcgs_decoder', { X_BUFFER_WORDS: 500 }, 'ADDRESS_BITS must reach both x buffers'],
    ['hcgs_decoder', { H_BUFFER_WORDS: 500 }, 'ADDRESS_BITS must reach both h buffers'],
    ['hcgs_decoder', { H_BUFFER_WORDS: 0 }, 'H_BUFFER_WORDS must be at least 1'],
    [
      'hcgs_decoder',
      { INDEX_BITS_0: 40 },
      'ADDRESS_BITS must hold a block number x stride of level 0',
    ],
    ['hcgs_decoder', { INDEX_COPIES_1: 5 }, 'STREAMS must be a multiple of INDEX_COPIES_1'],
  ] as const)('%s with %o: %s', async (module, values, message) => {
    for (const said of Object.values(await lint(files, `dut_${module}`, values))) {
      expect(said).toMatch(/^exit [1-9]/);
      expect(said).toContain(message.replaceAll(' ', '_'));
    }
  });

  test('and a frame output of sizes that do fit stops none', async () => {
    expect(await lint(files, 'dut_frame_output', output)).toEqual(CLEAN);
  });
});
