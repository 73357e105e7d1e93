import { attributesOf } from '../attributes.js';
import type { Graph } from '../graph.js';
import type { GraphProto } from '../messages.js';
import type { Node } from '../node.js';
import type { LoopFail, LoopForm } from './form.js';

const ATTRIBUTES = [
  'body',
  'num_scan_inputs',
  'scan_input_axes',
  'scan_input_directions',
  'scan_output_axes',
  'scan_output_directions',
];

/** Reads a Scan, https://onnx.ai/onnx/operators/onnx__Scan.html: one input over time, and states. @throws UserError */
export function scanForm(node: Node, body: GraphProto, graph: Graph, fail: LoopFail): LoopForm {
  if (graph.opset < 9) throw fail(`Scan of version ${graph.opset} of the operators`);
  const attributes = attributesOf(node, ATTRIBUTES, graph);
  const scanned = attributes.int('num_scan_inputs') ?? 0;
  if (scanned !== 1) throw fail(`${scanned} values that are read step by step`);
  for (const name of ['scan_input_directions', 'scan_output_directions'] as const) {
    const odd = attributes.ints(name)?.some((one) => one !== 0);
    if (odd) throw fail(`reverse (${name}), which an LSTM with one direction has not`);
  }
  const states = node.inputs.length - 1;
  const outputs = body.output.map(({ name = '' }) => name);
  const inputs = body.input.map(({ name = '' }) => name);
  if (inputs.length !== node.inputs.length || outputs.length !== node.outputs.length) {
    throw fail('a body with another number of inputs or outputs');
  }
  const frames = node.inputs[states] as string;
  const rank = graph.shapes.get(frames)?.length;
  const given = attributes.ints('scan_input_axes')?.[0] ?? 0;
  if (given < 0 && rank === undefined) throw fail('scan_input_axes of a value of unknown axes');
  const axes = attributes.ints('scan_output_axes') ?? [];
  return {
    node,
    body,
    x: inputs[states] as string,
    frames,
    axis: given < 0 ? given + (rank as number) : given,
    kept: false,
    states: node.inputs.slice(0, states).map((initial, i) => ({
      before: inputs[i] as string,
      after: outputs[i] as string,
      initial,
      final: node.outputs[i] as string,
    })),
    collected: node.outputs.slice(states).map((output, i) => ({
      value: outputs[states + i] as string,
      axis: axes[i] ?? 0,
      joined: false,
      output,
    })),
    values: new Map(),
    trip: null,
    parts: [],
  };
}
