import {
  buildImages,
  type Configuration,
  type DesignOptions,
  emitVerilog,
  planDesign,
} from '../../../../generator/accelerator/index.js';
import type { Model } from '../../../../generator/network/model.js';
import { randomModel } from '../../../../generator/network/random.js';

const words = { weight: 6, activation: 13, cell: 16, bias: 16 };
const half = { k: 1, n: 2 };
const quarter = { k: 1, n: 4 };

type Network = Omit<Parameters<typeof randomModel>[0], 'seed'>;

/** Small networks of different shapes, each on a configuration of its own. */
const SHAPES: Readonly<
  Record<string, { readonly network: Network; readonly options: Omit<DesignOptions, 'name'> }>
> = {
  'dense, no output layer, 4 MACs': {
    network: {
      inputs: 5,
      hidden: [12],
      patterns: [{ kind: 'hcgs', blocks: [], keep: [] }],
      sharing: 'shared',
      outputs: 0,
      words,
    },
    options: { macs: 4 },
  },
  'one level, output layer, 8 MACs': {
    network: {
      inputs: 24,
      hidden: [32],
      patterns: [{ kind: 'hcgs', blocks: [4], keep: [half] }],
      sharing: 'shared',
      outputs: 10,
      words,
    },
    options: { macs: 8 },
  },
  'two levels, two layers, 16 MACs': {
    network: {
      inputs: 32,
      hidden: [64, 32],
      patterns: [{ kind: 'hcgs', blocks: [16, 4], keep: [half, quarter] }],
      sharing: 'shared',
      outputs: 12,
      words,
    },
    options: { macs: 16 },
  },
  'two levels, a model that is loaded, 16 MACs': {
    network: {
      inputs: 32,
      hidden: [64, 32],
      patterns: [{ kind: 'hcgs', blocks: [16, 4], keep: [half, quarter] }],
      sharing: 'shared',
      outputs: 12,
      words,
    },
    options: { macs: 16, weights: 'loaded' },
  },
  'a mask for each gate, 8 MACs': {
    network: {
      inputs: 16,
      hidden: [16, 16],
      patterns: [{ kind: 'hcgs', blocks: [8, 4], keep: [half, half] }],
      sharing: 'per-gate',
      outputs: 0,
      words,
    },
    options: { macs: 8 },
  },
  'three levels, two cell lanes, two stream lanes, 32 MACs': {
    network: {
      inputs: 16,
      hidden: [32],
      patterns: [{ kind: 'hcgs', blocks: [16, 8, 4], keep: [half, half, half] }],
      sharing: 'shared',
      outputs: 5,
      words,
    },
    options: { macs: 32, cellLanes: 2, streamLanes: 2 },
  },
  'wide words, 4 MACs': {
    network: {
      inputs: 8,
      hidden: [16],
      patterns: [{ kind: 'hcgs', blocks: [4], keep: [half] }],
      sharing: 'shared',
      outputs: 3,
      words: { weight: 11, activation: 16, cell: 24, bias: 20 },
    },
    options: { macs: 4, sumSlots: 2 },
  },
};

/** A configuration with its model, Verilog and images. */
export interface TestDesign {
  readonly configuration: Configuration;
  readonly model: Model;
  readonly files: ReadonlyMap<string, string>;
}

export const NAMES: readonly string[] = Object.keys(SHAPES);

export function testDesign(name: string): TestDesign {
  const { network, options } = SHAPES[name] as (typeof SHAPES)[string];
  return designOf(network, options);
}

/** A random network on a configuration, as the files of a design `dut`. */
export function designOf(network: Network, options: Omit<DesignOptions, 'name'>): TestDesign {
  const model = randomModel({ ...network, seed: 1 });
  const { configuration } = planDesign(model, { ...options, name: 'dut' });
  const rtl = emitVerilog(configuration);
  const files = new Map([...rtl, ...buildImages(configuration, model)]);
  return { configuration, model, files };
}
