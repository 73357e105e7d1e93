import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { packageRoot } from '../../generator/base/package.js';
import { Random } from '../../generator/base/random.js';
import { modelBytes } from '../../generator/network/compressed-model.js';
import { writeNpy } from '../../generator/network/formats/npy.js';
import { writeSafetensors } from '../../generator/network/formats/safetensors.js';
import { randomModel } from '../../generator/network/random.js';
import { fromKeras, fromPytorch } from '../../test/network/import/support/exporters.js';
import { graphOf, lstm, lstmTensors } from '../../test/network/import/support/lstm-graph.js';
import { randomNetwork } from '../../test/network/import/support/random-network.js';
import { spelledCell } from '../../test/network/import/support/spelled-cell.js';
import {
  first,
  gemm,
  gemmTensors,
  layers,
  linear,
  outputs,
  parts,
  rows,
  second,
  squeezed,
  two,
  withHead,
} from '../../test/network/import/support/standard-network.js';
import {
  layerTensors,
  linearTensors,
  stateDict,
  zeros,
} from '../../test/network/import/support/state-dict.js';
import { format1Bytes } from '../../test/support/format-1.js';
import {
  type GraphMessage,
  ints,
  node,
  onnxFile,
  tensor,
  typedTensor,
  value,
} from '../../test/support/onnx.js';

/** Files that are read without an error; fuzzing starts from them. */
export interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Trained networks that lie beside the checkout on some machines. */
function realModels(): readonly Seed[] {
  const names = ['dtln_model_1.onnx', 'silero_vad_openvino_16k.onnx'];
  return names
    .map((name) => ({ name, path: resolve(packageRoot, '../shared/data/models', name) }))
    .filter(({ path }) => existsSync(path))
    .map(({ name, path }) => ({ name, bytes: readFileSync(path) }));
}

const NETWORKS = 24;

/** Networks with heads, norms, several outputs and what else is taken. */
function randomNetworks(): readonly Seed[] {
  const found: Seed[] = [];
  for (let seed = 1; found.length < NETWORKS; seed++) {
    const { bytes, expected, what } = randomNetwork(new Random(seed));
    if (expected === 'taken') found.push({ name: what.join(', '), bytes });
  }
  return found;
}

function branchOf(layer: typeof first): GraphMessage {
  const { nodes, tensors } = lstm(layer, 0, 'x');
  const initializer = Object.entries(tensors).map(([name, one]) => ({ ...one, name }));
  return { node: nodes, initializer, input: [], output: [value('Y_0')] };
}

/** Constants that are not all alike. */
const numbers = (...shape: number[]) => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(
    shape,
    Array.from({ length: size }, (_, i) => ((i * 5) % 11) / 8 - 0.5),
  );
};

export function onnxSeeds(): readonly Seed[] {
  const states = ['', 'h0', 'c0'];
  const zero = tensor([1, 1, 4], [0, 0, 0, 0]);
  const matMul = parts([node('MatMul', ['h', 'F'], ['m']), node('Add', ['m', 'b'], ['y'])], {
    F: tensor(
      [3, 2],
      linear.W[0]?.flatMap((_, i) => linear.W.map((row) => row[i] as number)) ?? [],
    ),
    b: tensor([2], linear.b),
  });
  const last = parts([node('Gather', ['h', 'last'], ['rows'], { axis: 0 })], {
    last: tensor([], [-1], 'int64'),
  });
  const keras = parts(
    [
      node('Transpose', ['Y_0'], ['k'], { perm: [2, 1, 0, 3] }),
      node('Squeeze', ['k', 'one'], ['k_b']),
      node('Transpose', ['k_b'], ['s_0'], { perm: [1, 0, 2] }),
    ],
    { one: ints(1) },
  );
  const typed = (layer: typeof first) => lstmTensors(layer, { make: typedTensor as typeof tensor });
  const { raw_data: _, ...shapeOfW } = lstmTensors(first).W;
  const entry = (key: string, value: string) => ({ key, value });
  const external_data = [entry('location', 'w.bin'), entry('offset', '8'), entry('length', '320')];
  const besideW = { ...shapeOfW, data_location: 1, external_data };
  const graphs = {
    gemm: withHead([rows, gemm]).graph,
    matMul: withHead([matMul]).graph,
    lastFrame: withHead([last, gemm]).graph,
    pytorch: graphOf(
      [
        fromPytorch(first, 0, 'x', 17),
        squeezed('Y_0', 's_0'),
        fromPytorch(second, 1, 's_0', 17),
        squeezed('Y_1', 'h'),
        rows,
        gemm,
      ],
      { outputs },
    ),
    keras: graphOf(
      [fromKeras(first, 'x'), keras, lstm(second, 1, 's_0'), squeezed('Y_1', 'h'), rows, gemm],
      { outputs },
    ),
    zeroStates: graphOf(
      [parts([], { h0: zero, c0: zero }), lstm(first, 0, 'x', { inputs: states })],
      { outputs: ['Y_0'] },
    ),
    givenStates: graphOf([lstm(first, 0, 'x', { inputs: states })], {
      outputs: ['Y_0'],
      more: [value('h0', [1, 'batch', 4]), value('c0', [1, 'batch', 4])],
    }),
    typed: graphOf([lstm(first, 0, 'x', { tensors: typed(first) })], { outputs: ['Y_0'] }),
    beside: graphOf([lstm(first, 0, 'x', { tensors: { ...lstmTensors(first), W: besideW } })], {
      outputs: ['Y_0'],
    }),
    spelled: graphOf([spelledCell(first, 'l_', { x: 'x', h: 'h0', c: 'c0' }, new Random(5))], {
      shape: [1, 5],
      outputs: ['l_h', 'l_c'],
      more: [value('h0', [1, 4]), value('c0', [1, 4])],
    }),
    branch: graphOf(
      [
        parts(
          [
            node('Shape', ['x'], ['shape']),
            node('Gather', ['shape', 'last'], ['n']),
            node('Equal', ['n', 'five'], ['is']),
            node('If', ['is'], ['y'], {
              then_branch: { graph: branchOf(first) },
              else_branch: { graph: branchOf(first) },
            }),
          ],
          { last: ints(2), five: ints(5) },
        ),
      ],
      { outputs: ['y'] },
    ),
    lengths: graphOf(
      [
        parts([], {
          lengths: tensor([1], [12], 'int32'),
          P: tensor([1, 12], new Array(12).fill(0)),
        }),
        lstm(first, 0, 'x', { inputs: ['lengths', '', '', 'P'] }),
      ],
      { outputs: ['Y_0'], frames: 12, batch: 1 },
    ),
    fixed: graphOf(
      [
        ...two,
        parts([node('Reshape', ['h', 'n'], ['rows'])], { n: ints(12, 3) }),
        parts(
          [node('Gemm', ['rows', 'F', 'b'], ['y'], { transB: 1 }), node('Softmax', ['y'], ['p'])],
          gemmTensors,
        ),
      ],
      { outputs: [...outputs, 'p'], frames: 12, batch: 1 },
    ),
  };
  const aroundLayers = {
    dense: graphOf(
      [
        parts(
          [
            node('MatMul', ['x', 'F_0'], ['m_0']),
            node('Add', ['m_0', 'b_0'], ['s_0']),
            node('Relu', ['s_0'], ['r_0']),
          ],
          { F_0: numbers(5, 5), b_0: numbers(5) },
        ),
        lstm(first, 0, 'r_0'),
        squeezed('Y_0', 'h_0'),
        parts([node('MatMul', ['h_0', 'F_1'], ['m_1']), node('Tanh', ['m_1'], ['r_1'])], {
          F_1: numbers(4, 4),
        }),
        lstm(second, 1, 'r_1'),
        squeezed('Y_1', 'h'),
        rows,
        gemm,
        parts([node('Sigmoid', ['y'], ['p']), node('MatMul', ['p', 'F_2'], ['z'])], {
          F_2: numbers(2, 3),
        }),
      ],
      { outputs: ['z'] },
    ),
    denseAlone: graphOf(
      [
        parts(
          [
            node('Gemm', ['x', 'F_0', 'b_0'], ['s_0'], { transB: 1 }),
            node('Clip', ['s_0', 'low', 'high'], ['r_0']),
            node('Gemm', ['r_0', 'F_1'], ['s_1'], { alpha: { float: 0.5 } }),
            node('HardSigmoid', ['s_1'], ['r_1']),
            node('Gemm', ['r_1', 'F_2'], ['z']),
          ],
          {
            F_0: numbers(4, 5),
            b_0: numbers(4),
            low: tensor([], [-0.5]),
            high: tensor([], [0.5]),
            F_1: numbers(4, 3),
            F_2: numbers(3, 2),
          },
        ),
      ],
      { outputs: ['z'], shape: ['N', 5] },
    ),
  };
  const own = Object.entries({ ...graphs, ...aroundLayers }).map(([name, graph]) => ({
    name,
    bytes: onnxFile(graph),
  }));
  return [...own, ...randomNetworks(), ...realModels()];
}

export function safetensorsSeeds(): readonly Seed[] {
  const stack = (prefix: string, options = {}) =>
    layers.flatMap((layer, l) => layerTensors(layer, (kind) => `${prefix}${kind}_l${l}`, options));
  const cells = layers.flatMap((layer, l) => layerTensors(layer, (kind) => `cells.${l}.${kind}`));
  const dicts = {
    lstm: stateDict(...stack('lstm.'), ...linearTensors(linear, 'fc')),
    half: stateDict(...stack('encoder.rnn.', { dtype: 'F16' })),
    list: stateDict(
      ...layers.flatMap((layer, l) => layerTensors(layer, (kind) => `rnns.${l}.${kind}_l0`)),
    ),
    pruned: stateDict(
      ...stack('lstm.'),
      ...linearTensors(linear, 'fc').map(([name, one]) => [`${name}_orig`, one] as const),
      ['fc.weight_mask', zeros(2, 3)],
      ['fc.bias_mask', zeros(2)],
    ),
    cells: stateDict(...cells, ...linearTensors(linear, 'head')),
    noBias: stateDict(...stack('', { biases: false })),
  };
  return Object.entries(dicts).map(([name, dict]) => ({ name, bytes: writeSafetensors(dict) }));
}

/** What torch has written; some of it is refused. */
export function torchSeeds(): readonly Seed[] {
  const folder = resolve(packageRoot, 'test/network/import/files/torch');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.pt'))
    .map((name) => ({ name, bytes: readFileSync(resolve(folder, name)) }));
}

export function npySeeds(): readonly Seed[] {
  return [
    {
      name: 'one utterance',
      array: { type: 'float32', shape: [3, 5], data: new Float64Array(15).fill(0.5) },
    },
    {
      name: 'utterances',
      array: { type: 'int32', shape: [2, 3, 4], data: new Float64Array(24).fill(-7) },
    },
    { name: 'labels', array: { type: 'int64', shape: [4], data: Float64Array.of(0, 1, 2, 3) } },
  ].map(({ name, array }) => ({ name, bytes: writeNpy(array as Parameters<typeof writeNpy>[0]) }));
}

export function modelSeeds(): readonly Seed[] {
  const words = { weight: 6, activation: 13, cell: 16, bias: 16 };
  const half = { k: 1, n: 2 };
  return (['shared', 'per-gate'] as const).flatMap((sharing) =>
    [[], [4], [8, 4]].flatMap((blocks) => {
      const shape = {
        inputs: 9,
        hidden: [16, 8],
        patterns: [{ kind: 'hcgs' as const, blocks, keep: blocks.map(() => half) }],
        sharing,
        outputs: blocks.length,
        words,
        seed: 5,
      };
      const model = randomModel(shape);
      const name = `${sharing} ${blocks.join() || 'dense'}`;
      return [
        { name: `${name}, format 2`, bytes: modelBytes(model) },
        { name: `${name}, format 1`, bytes: format1Bytes(model) },
        {
          name: `${name}, initial states`,
          bytes: modelBytes(randomModel({ ...shape, initialState: true })),
        },
        {
          name: `${name}, finer tables`,
          bytes: modelBytes(randomModel({ ...shape, tableBits: 13 + ((2 * blocks.length) % 4) })),
        },
      ];
    }),
  );
}
