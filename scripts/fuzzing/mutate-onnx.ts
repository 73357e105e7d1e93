import type { Random } from '../../generator/base/random.js';
import { ONNX_TYPES } from '../../generator/network/import/onnx/protobuf.js';
import { nestedGraphs } from '../../test/support/onnx.js';
import type { Mutation } from './mutate-bytes.js';

interface Attribute {
  name: string;
  type: number;
  i?: number;
  f?: number;
  s?: Uint8Array;
  ints?: number[];
  strings?: Uint8Array[];
  t?: Tensor;
}
interface Tensor {
  name?: string;
  dims: number[];
  data_type: number;
  raw_data?: Uint8Array;
  [field: string]: unknown;
}
interface Node {
  op_type: string;
  name: string;
  input: string[];
  output: string[];
  attribute: Attribute[];
}
interface Graph {
  node: Node[];
  initializer: Tensor[];
  input: { name: string; type?: { tensor_type?: { shape?: { dim: { dim_value?: number }[] } } } }[];
  output: { name: string }[];
  value_info?: unknown[];
}
interface Model {
  graph: Graph;
  opset_import: { domain: string; version: number }[];
}

const OPERATORS = (
  'LSTM GRU RNN Identity Relu Squeeze Unsqueeze Transpose Reshape Slice Concat Gather Split Cast Dropout Flatten ' +
  'Gemm MatMul Add Sub Mul Div Neg Shape Expand Tile ConstantOfShape If Loop Constant Sigmoid Softmax LogSoftmax ' +
  'BatchNormalization LayerNormalization ReduceMean ReduceSum Conv Einsum Tanh Exp ArgMax Where'
).split(' ');
const ATTRIBUTES = (
  'clip direction layout hidden_size input_forget activations axis axes perm to alpha beta transA transB starts ' +
  'ends split allowzero value own'
).split(' ');
const LENGTHS = [-1, 0, 1, 2, 3, 4, 5, 12, 16, 2 ** 31, 2 ** 53 - 1, 10 ** 9];

type Change = (model: Model, random: Random) => void;

const one = <T>(list: readonly T[], random: Random): T | undefined =>
  list[random.below(Math.max(1, list.length))];
const node = ({ graph }: Model, random: Random) => one(graph.node, random);
const values = ({ graph }: Model) => [
  ...graph.node.flatMap(({ output }) => output),
  ...graph.initializer.map(({ name = '' }) => name),
  ...graph.input.map(({ name }) => name),
  '',
];
const tensor = ({ graph }: Model, random: Random) =>
  one(
    [
      ...graph.initializer,
      ...graph.node.flatMap(({ attribute }) => attribute.flatMap(({ t }) => t ?? [])),
    ],
    random,
  );

const CHANGES: readonly Change[] = [
  (model, random) => {
    // data in another file, or another place in it
    const own = tensor(model, random);
    if (!own) return;
    const texts = [
      '',
      'w.bin',
      '../w',
      '/etc/passwd',
      '0',
      '8',
      '-1',
      '320',
      '99999999999999999',
      'x',
    ];
    const entry = () => ({
      key: one(['location', 'offset', 'length', 'checksum', 'own'], random),
      value: one(texts, random),
    });
    own.data_location = random.below(3);
    own.external_data = [
      { key: 'location', value: 'w.bin' },
      ...Array.from({ length: random.below(3) }, entry),
    ];
  },
  ({ graph }, random) => {
    // another value, or one more, as an output of the graph
    const names = graph.node.flatMap(({ output }) => output).filter((name) => name !== '');
    const name = one(names, random);
    if (name === undefined || graph.output.some((output) => output.name === name)) return;
    if (random.below(2) === 0) graph.output.push({ name });
    else graph.output = [{ name }];
  },
  (model, random) => {
    const own = tensor(model, random);
    if (own) own.dims[random.below(own.dims.length + 1)] = one(LENGTHS, random) as number;
  },
  (model, random) => {
    // as many elements under another shape
    const own = tensor(model, random);
    if (own) own.dims = random.below(2) === 0 ? own.dims.reverse() : [...own.dims, 1];
  },
  (model, random) => {
    const own = tensor(model, random);
    if (own) own.data_type = random.below(18);
  },
  (model, random) => {
    const own = tensor(model, random);
    if (own?.raw_data)
      own.raw_data = own.raw_data.subarray(0, random.below(own.raw_data.length + 1));
  },
  (model, random) => {
    const own = tensor(model, random);
    if (own?.raw_data) {
      const raw = Uint8Array.from(own.raw_data);
      for (let n = 4; n > 0; n--) raw[random.below(Math.max(1, raw.length))] = random.below(256);
      own.raw_data = raw;
    }
  },
  (model, random) => {
    const own = node(model, random);
    if (own) own.op_type = one(OPERATORS, random) as string;
  },
  (model, random) => {
    const own = node(model, random);
    if (own) own.input[random.below(own.input.length + 1)] = one(values(model), random) as string;
  },
  (model, random) => {
    const own = node(model, random);
    if (own) own.input.reverse();
  },
  (model, random) => {
    const own = node(model, random);
    if (own) own.output[random.below(own.output.length + 1)] = one(values(model), random) as string;
  },
  (model, random) => {
    model.graph.node.splice(random.below(model.graph.node.length + 1), 1);
  },
  (model, random) => {
    const own = node(model, random);
    if (own)
      model.graph.node.push({
        ...own,
        name: `${own.name}'`,
        output: own.output.map((name) => name && `${name}'`),
      });
  },
  ({ graph }, random) => {
    const [own] = graph.node.splice(random.below(graph.node.length), 1);
    if (own) graph.node.splice(random.below(graph.node.length + 1), 0, own);
  },
  (model, random) => {
    const own = one(node(model, random)?.attribute ?? [], random);
    if (!own) return;
    if (own.i !== undefined) own.i = one(LENGTHS, random) as number;
    if (own.f !== undefined) own.f = [0, -0, 1, -3, Number.NaN, 1e30][random.below(6)] as number;
    if (own.ints?.length) own.ints[random.below(own.ints.length)] = random.between(-3, 4);
    if (random.below(4) === 0) own.name = one(ATTRIBUTES, random) as string;
    if (random.below(8) === 0) own.type = random.below(12);
  },
  (model, random) => {
    const own = node(model, random);
    own?.attribute.splice(random.below(own.attribute.length + 1), 1);
  },
  (model, random) => {
    const name = one(ATTRIBUTES, random) as string;
    const i = random.between(-2, 3);
    const made = [
      { type: 2, i },
      { type: 1, f: i },
      { type: 7, ints: [i, random.between(-2, 3)] },
      {
        type: 3,
        s: new TextEncoder().encode(one(['reverse', 'bidirectional', 'forward', ''], random)),
      },
    ];
    node(model, random)?.attribute.push({ name, ...(one(made, random) as { type: number }) });
  },
  (model, random) => {
    // something between a value and who reads it
    const reader = node(model, random);
    const slot = random.below(Math.max(1, reader?.input.length ?? 0));
    const from = reader?.input[slot];
    if (!reader || !from) return;
    const name = `${from}_${random.below(1000)}`;
    const input = [from, ...(random.below(2) === 0 ? [one(values(model), random) as string] : [])];
    const own = {
      op_type: one(OPERATORS, random) as string,
      name: `new ${name}`,
      input,
      output: [name],
      attribute: [],
    };
    reader.input[slot] = name;
    model.graph.node.splice(model.graph.node.indexOf(reader), 0, own);
  },
  ({ graph }, random) => {
    const dim = one(one(graph.input, random)?.type?.tensor_type?.shape?.dim ?? [], random);
    if (dim) dim.dim_value = one(LENGTHS, random) as number;
  },
  ({ opset_import }, random) => {
    const own = one(opset_import, random);
    if (own)
      own.version = [1, 7, 9, 10, 11, 12, 13, 14, 18, 21, 22, 25, 26, 99][
        random.below(14)
      ] as number;
  },
  (model, random) => {
    // the same size again and again: a constant that grows by itself
    const { graph } = model;
    const source = one(graph.initializer, random)?.name;
    const reader = node(model, random);
    if (!source || !reader) return;
    const steps = random.between(1, 60);
    const grow = random.below(2) === 0 ? 'Concat' : 'Add';
    const made = Array.from({ length: steps }, (_, i): Node => {
      const from = i === 0 ? source : `bomb${i - 1}`;
      const attribute = grow === 'Concat' ? [{ name: 'axis', type: 2, i: 0 }] : [];
      return {
        op_type: grow,
        name: `bomb ${i}`,
        input: [from, from],
        output: [`bomb${i}`],
        attribute,
      };
    });
    graph.node.unshift(...made);
    reader.input[random.below(reader.input.length + 1)] = `bomb${steps - 1}`;
  },
  (model, random) => {
    // a long way
    const reader = node(model, random);
    const slot = random.below(Math.max(1, reader?.input.length ?? 0));
    const from = reader?.input[slot];
    if (!reader || !from) return;
    const steps = 10 ** random.between(1, 4);
    const made = Array.from(
      { length: steps },
      (_, i): Node => ({
        op_type: 'Identity',
        name: '',
        input: [i === 0 ? from : `way${i - 1}`],
        output: [`way${i}`],
        attribute: [],
      }),
    );
    reader.input[slot] = `way${steps - 1}`;
    model.graph.node.splice(model.graph.node.indexOf(reader), 0, ...made);
  },
  (model, random) => {
    // very many layers of the same weights
    const { graph } = model;
    const own = graph.node.findLast(({ op_type }) => op_type === 'LSTM');
    if (!own) return;
    const count = 10 ** random.between(1, 3);
    let from = own.output[0] ?? '';
    for (let i = 0; i < count; i++) {
      graph.node.push(
        { op_type: 'Identity', name: '', input: [from], output: [`in${i}`], attribute: [] },
        {
          ...own,
          name: `more ${i}`,
          input: [`in${i}`, ...own.input.slice(1)],
          output: ['', `more${i}`],
        },
      );
      from = `more${i}`;
    }
  },
];

/** Changes what an ONNX file says, not its bytes: nodes, names, shapes, attributes. */
export const onnxStructure: Mutation = (bytes, random) => {
  const type = ONNX_TYPES.lookupType('ModelProto');
  const model = type.toObject(type.decode(bytes), { longs: Number, arrays: true }) as Model;
  for (let n = random.between(1, 2); n > 0; n--) one(CHANGES, random)?.(model, random);
  return type.encode(type.fromObject(model)).finish();
};

/** Messages nested ever deeper. */
export const onnxNesting: Mutation = (_, random) => nestedGraphs(10 ** random.between(1, 4));
