import { describe, expect, test } from 'vitest';
import type { BusFeatures } from '../../../generator/accelerator/bus/register-map.js';
import { busRegisters } from '../../../generator/accelerator/bus/registers.js';
import { Random } from '../../../generator/base/random.js';
import { blockUnderTest } from '../../support/block.js';
import { type Mutations, withMutants } from '../../support/mutants.js';
import type { InputVector, OutputVector } from '../../support/verilated-block.js';
import { BusModel } from './support/bus-model.js';

const SEED = Number(process.env.HCGS_SEED ?? 1);
const HASH = [0x01234567, 0x89abcdef, 0xdeadbeef, 0xffffffff];

/** Random accesses, and random words from the core; a count of errors that goes up or begins anew. */
function traffic(random: Random, cycles: number, places: number): InputVector[] {
  let errors = 0;
  const word = () => random.below(2 ** 16) * 2 ** 16 + random.below(2 ** 16);
  const seldom = () => Number(random.below(20) === 0);
  const address = () => (random.below(4) === 0 ? random.below(256) : 4 * random.below(18));
  return Array.from({ length: cycles }, (_, n) => {
    errors = random.below(60) === 0 ? 0 : errors + seldom();
    return {
      rst: Number(n < 2 || random.below(700) === 0),
      ...{ s_axil_awaddr: address(), s_axil_awprot: random.below(8) },
      ...{ s_axil_awvalid: random.below(2), s_axil_wvalid: random.below(2) },
      s_axil_wdata: [() => random.below(16), () => random.below(4), word][random.below(3)]?.() ?? 0,
      s_axil_wstrb: random.below(2) === 0 ? 15 : random.below(16),
      ...{ s_axil_bready: random.below(2), s_axil_rready: random.below(2) },
      ...{ s_axil_araddr: address(), s_axil_arprot: random.below(8) },
      ...{ s_axil_arvalid: random.below(2), busy: random.below(2), cycles: word() },
      ...{ error: random.below(2), error_count: errors, frame_left: seldom() },
      ...{
        load_error: random.below(2),
        load_cause: random.below(8),
        loaded: random.below(2 ** places),
      },
      ...{
        loading: random.below(2),
        load_bus: random.below(2),
        load_waits: random.below(2),
        load_skips: random.below(2),
      },
      ...{ memory_error: random.below(2), memory_error_count: random.below(2 ** 16) },
      ...{ load_done: seldom(), load_refused: seldom(), load_taken: Number(random.below(4) === 0) },
    };
  });
}

const COMMON: Mutations = {
  'answers an unknown address': {
    module: 'registers',
    from: '.read_refused   (read_refused)',
    to: ".read_refused   (1'b0)",
  },
  'takes a write to one': {
    module: 'registers',
    from: '.write_refused  (write_refused)',
    to: ".write_refused  (1'b0)",
  },
  'clears by any write': {
    module: 'registers',
    from: '{4{writes_status}} & given',
    to: '{4{writes_status}}',
  },
  'clears by 0': {
    module: 'registers',
    from: '{4{writes_status}} & given',
    to: '{4{writes_status}} & ~given',
  },
  'clears what comes just now': {
    module: 'registers',
    from: '(irq_status & ~cleared) | causes',
    to: '(irq_status | causes) & ~cleared',
  },
  'ignores strobes': { module: 'registers', from: '& {4{write_strobes[0]}}', to: '' },
  'ignores strobes of the enables': {
    module: 'registers',
    from: 'writes_enable && write_strobes[0]',
    to: 'writes_enable',
  },
  'never resets the core': {
    module: 'registers',
    from: 'soft_reset <= resets',
    to: "soft_reset <= 1'b0",
  },
  'resets it for good': {
    module: 'registers',
    from: 'soft_reset <= resets',
    to: 'soft_reset <= soft_reset || resets',
  },
  'counts frames on over a reset': { module: 'registers', from: 'rst || soft_reset', to: 'rst' },
  'takes a second address': {
    module: 'axi_lite',
    from: "s_axil_awready <= 1'b0;\n        has_address",
    to: 'has_address',
  },
  'answers before the data': {
    module: 'axi_lite',
    from: 'has_address && has_data;',
    to: 'has_address;',
  },
  'takes an answer back': {
    module: 'axi_lite',
    from: 'if (s_axil_bready) begin',
    to: 'if (1) begin',
  },
  'takes a word back': { module: 'axi_lite', from: 'if (s_axil_rready) begin', to: 'if (1) begin' },
};

const LOADED: Mutations = {
  'takes a place that there is not': {
    module: 'registers',
    from: "asked_model < 32'd3",
    to: "asked_model < 32'd4",
  },
  'takes the model whole': { module: 'registers', from: '& ~mask);', to: "& 32'd0);" },
  'loads part of a word': { module: 'registers', from: '!(&write_strobes) || ', to: '' },
  'waits for a load through the stream': {
    module: 'registers',
    from: ' || (loading && !load_bus)',
    to: '',
  },
  'does not wait for the loader': {
    module: 'registers',
    from: 'load_word_refused || load_taken;',
    to: "1'b1;",
  },
  'aborts by the reset': { module: 'registers', from: 'given[1]', to: 'given[0]' },
};

const PROTECTED: Mutations = {
  'has the memories in the place of a load': {
    module: 'registers',
    from: 'memory_error, ',
    to: "1'b0, ",
  },
  'shows frames in place of words': {
    module: 'registers',
    from: "{{16{1'b0}}, memory_error_count}",
    to: "{{16{1'b0}}, error_count}",
  },
};

test('take a write and a read every third cycle', async () => {
  const block = busRegisters({ name: 'dut', hash: HASH, loaded: false, places: 1, protect: false });
  const vectors = Array.from({ length: 302 }, (_, n) => ({
    ...{ rst: Number(n < 2), s_axil_awaddr: 0x34, s_axil_araddr: 0x34, s_axil_wstrb: 15 },
    ...{ s_axil_awvalid: 1, s_axil_wvalid: 1, s_axil_bready: 1, s_axil_arvalid: 1 },
    s_axil_rready: 1,
  }));
  const out = (await (await blockUnderTest(block)).run(vectors)).slice(2);
  for (const answer of ['s_axil_bvalid', 's_axil_rvalid']) {
    expect(out.filter((o) => o[answer] === 1n).length, answer).toBeGreaterThanOrEqual(99);
    expect(out.filter((o) => o[answer] === 1n).length, answer).toBeLessThanOrEqual(100);
  }
});

describe('registers behind an AXI4-Lite slave', () => {
  test.each<[string, BusFeatures, Mutations]>([
    ['three places', { loaded: true, places: 3, protect: false }, { ...COMMON, ...LOADED }],
    ['models in ROMs', { loaded: false, places: 1, protect: false }, {}],
    ['one place', { loaded: true, places: 1, protect: false }, {}],
    ['check bits', { loaded: false, places: 1, protect: true }, PROTECTED],
  ])(
    'are those of the description, whatever comes on the bus: %s',
    async (_title, features, mutations) => {
      const block = busRegisters({ name: 'dut', hash: HASH, ...features });
      const mutants = await withMutants(block, mutations);
      const known = new Set(Object.keys(block.ports));
      const vectors = traffic(new Random(SEED), 12000, features.places).map((vector) =>
        Object.fromEntries(Object.entries(vector).filter(([name]) => known.has(name))),
      );
      let model = new BusModel(features, HASH);
      await mutants.check(vectors, (out: readonly OutputVector[]) => {
        model = new BusModel(features, HASH);
        // registers hold anything before the first reset
        return out.reduce(
          (wrong, o, n) => wrong + (model.step(vectors[n] as InputVector, o) > 0 && n > 0 ? 1 : 0),
          0,
        );
      });
      if (Object.keys(mutations).length === 0) {
        for (const count of [
          model.seen.okay,
          model.seen.refused,
          model.seen.reads,
          model.seen.irqs,
        ]) {
          expect(count).toBeGreaterThan(200);
        }
      }
    },
  );
});
