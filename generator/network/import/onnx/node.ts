import type { AttributeProto, GraphProto, NodeProto } from './messages.js';

/** A node of the main graph. */
export interface Node {
  /** Position in the file, which is an order of execution. */
  readonly index: number;
  /** Operator; one of another domain than ONNX's own as `domain.Operator`. */
  readonly op: string;
  /** Its name in the file; where it has none, or one that others have too, its operator and first output. */
  readonly label: string;
  /** Names of values; empty for an optional input or output that is absent. */
  readonly inputs: readonly string[];
  /** Names of values that graphs inside the node read or hand back, those of the main graph among them. */
  readonly captured: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly AttributeProto[];
  /** The nodes of the file that this one stands for; absent where it is one of the file. */
  readonly parts?: readonly Node[];
}

/** Nodes in file order. */
export function nodesOf(protos: readonly NodeProto[]): readonly Node[] {
  const counts = new Map<string, number>();
  for (const { name = '' } of protos) counts.set(name, (counts.get(name) ?? 0) + 1);
  return protos.map((proto, index) => {
    const { name = '', input, output, attribute } = proto;
    const op = operatorOf(proto);
    const first = output.find((one) => one !== '');
    const described = first === undefined ? `${op} ${index}` : `${op} of ${first}`;
    const label = name !== '' && counts.get(name) === 1 ? name : described;
    const captured = attribute.length === 0 ? [] : [...capturedBy(proto)];
    return { index, op, label, inputs: input, captured, outputs: output, attributes: attribute };
  });
}

/** Names of values that the graphs inside a node read or hand back. */
function capturedBy({ attribute }: NodeProto, names = new Set<string>()): ReadonlySet<string> {
  for (const { g, graphs } of attribute) {
    for (const inner of g ? [g, ...graphs] : graphs) readBy(inner, names);
  }
  return names;
}

function readBy({ node, output }: GraphProto, names: Set<string>): void {
  for (const { name = '' } of output) names.add(name);
  for (const one of node) {
    for (const name of one.input) names.add(name);
    capturedBy(one, names);
  }
}

/** The operator of a node; those of ONNX's own domain, which has two spellings, without it. */
export function operatorOf({ op_type = '', domain = '' }: NodeProto): string {
  return domain === '' || domain === 'ai.onnx' ? op_type : `${domain}.${op_type}`;
}
