import { decodeMessage } from '../../generator/network/formats/protobuf.js';
import { TENSORFLOW_TYPES } from '../../generator/network/import/tensorflow/graph-def/messages.js';
import { loop, whole } from '../../test/network/import/support/tensorflow-network.js';
import { LSTM_TENSORS, lastFrame, lstm } from '../../test/network/import/support/tflite-network.js';
import { graphDef, tfNode } from '../../test/support/tensorflow.js';
import { type SubgraphSpec, tfliteFile } from '../../test/support/tflite.js';
import type { Mutation } from './mutate-bytes.js';
import { changeJson, type Json } from './mutate-json.js';
import type { Seed } from './seeds.js';

const ALONE: SubgraphSpec = {
  tensors: LSTM_TENSORS,
  operators: [lstm],
  inputs: ['x'],
  outputs: ['h'],
};

export function tfliteSeeds(): readonly Seed[] {
  return [
    { name: 'one operator', bytes: tfliteFile(ALONE) },
    { name: 'last frame', bytes: tfliteFile(lastFrame()) },
  ];
}

/** A file with other tensors, operators and options; starts anew, as the file cannot be written again. */
export const tfliteStructure: Mutation = (_, random) => {
  const graph = structuredClone(random.below(2) === 0 ? ALONE : lastFrame());
  for (let n = random.between(1, 3); n > 0; n--) {
    const { operators, tensors } = graph as unknown as Record<string, Json[]>;
    const list = (random.below(2) === 0 ? operators : tensors) as Json[];
    const at = random.below(Math.max(1, list.length));
    const [one] = [list[at] as Json];
    const pick = random.below(6);
    if (pick === 0) list.splice(at, 1);
    else if (pick === 1) list.splice(random.below(list.length), 0, structuredClone(one));
    else if (pick === 2) list.reverse();
    else changeJson(graph as unknown as Json, random);
  }
  return random.below(4) === 0 ? tfliteFile(graph, ALONE) : tfliteFile(graph);
};

/** Numbers in the tables of a flatbuffer: offsets that go back, lengths, numbers of tensors. */
export const tfliteNumbers: Mutation = (bytes, random) => {
  const out = bytes.slice();
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  for (let n = random.between(1, 4); n > 0; n--) {
    const at = 4 * random.below(Math.max(1, Math.floor(out.length / 4)));
    if (at + 4 > out.length) break;
    const old = view.getInt32(at, true);
    const values = [
      0,
      1,
      -1,
      old + 1,
      old - 1,
      old + 4,
      -at,
      out.length - at,
      2 ** 31 - 1,
      -(2 ** 31),
    ];
    view.setInt32(at, values[random.below(values.length)] as number, true);
  }
  return out;
};

export function tensorflowSeeds(): readonly Seed[] {
  const nodes = loop();
  return [
    { name: 'loop', bytes: graphDef(...nodes) },
    { name: 'other order', bytes: graphDef(...[...nodes].reverse()) },
    { name: 'nothing else', bytes: graphDef(...nodes, tfNode('NoOp', 'init'), whole('n', 3)) },
  ];
}

interface Node {
  name: string;
  op: string;
  input: string[];
  attr: Record<
    string,
    { tensor?: { tensor_shape?: { dim: { size: unknown }[] }; tensor_content: Uint8Array } }
  >;
}

const OPS = [
  'Relu',
  'Identity',
  'Tanh',
  'Sigmoid',
  'ReverseV2',
  'PartitionedCall',
  'Const',
  'Enter',
  'Exit',
  'Switch',
];
const SIZES = [0, 1, -1, 2, 3, 5, 8, 2 ** 31, 2 ** 53];

/** Nodes of a graph that are dropped, doubled, renamed, wired or computed otherwise, and other constants. */
export const tensorflowStructure: Mutation = (bytes, random) => {
  const graph = decodeMessage(TENSORFLOW_TYPES, 'GraphDef', bytes) as unknown as { node: Node[] };
  const { node: nodes } = graph;
  const pick = () => nodes[random.below(nodes.length)] as Node;
  for (let n = random.between(1, 3); n > 0; n--) {
    const [a, b] = [pick(), pick()];
    const at = random.below(Math.max(1, a.input.length));
    const { tensor } = a.attr.value ?? {};
    switch (random.below(8)) {
      case 0:
        nodes.splice(nodes.indexOf(a), 1);
        break;
      case 1:
        nodes.push({ ...a, name: `${a.name}_1` });
        break;
      case 2:
        a.op = random.below(2) === 0 ? b.op : (OPS[random.below(OPS.length)] as string);
        break;
      case 3:
        a.name = b.name;
        break;
      case 4:
        a.input.splice(at, random.below(2), b.name);
        break;
      case 5:
        a.input[at] = `${b.name}:${random.below(4)}`;
        break;
      case 6:
        if (tensor?.tensor_shape?.dim[0])
          tensor.tensor_shape.dim[0].size = SIZES[random.below(SIZES.length)];
        break;
      default:
        if (tensor) {
          tensor.tensor_content = tensor.tensor_content.slice(
            0,
            random.below(2) === 0 ? 4 : undefined,
          );
          tensor.tensor_content.fill([0, 0x7f, 0xff, 1][random.below(4)] as number, 0, 4);
        }
    }
  }
  const type = TENSORFLOW_TYPES.lookupType('GraphDef');
  return type.encode(type.fromObject(graph)).finish();
};
