import type { FunctionProto, ModelProto, NodeProto } from '../messages.js';
import type { Flat } from './flat.js';
import { renamed } from './rename.js';

/** Functions by what calls them: domain, operator and overload. */
export type Functions = ReadonlyMap<string, FunctionProto>;

const keyOf = (domain: string, name: string, overload: string) =>
  JSON.stringify([domain, name, overload]);

const isOwn = (domain: string) => domain === '' || domain === 'ai.onnx';

/** The functions of a model that have its version of ONNX's own operators: they may stand in place of their calls. */
export function functionsOf({ functions, opset_import }: ModelProto): Functions {
  const versionOf = (sets: ModelProto['opset_import']) =>
    sets.find(({ domain = '' }) => isOwn(domain))?.version?.toNumber();
  const version = versionOf(opset_import);
  return new Map(
    functions
      .filter((one) => (versionOf(one.opset_import) ?? version) === version)
      .map((one) => [keyOf(one.domain ?? '', one.name ?? '', one.overload ?? ''), one]),
  );
}

/** The function that a node calls. */
export function calledBy(
  { domain = '', op_type = '', overload = '' }: NodeProto,
  functions: Functions,
): FunctionProto | undefined {
  return functions.get(keyOf(domain, op_type, overload));
}

/** The nodes of a function in place of its call, the values inside it under names of their own. */
export function inlineCall(call: NodeProto, body: FunctionProto, label: string, flat: Flat): void {
  const values = new Map<string, string>([['', '']]);
  body.input.forEach((name, i) => {
    values.set(name, call.input[i] ?? '');
  });
  const outputs = new Map<string, string>();
  body.output.forEach((name, i) => {
    const given = call.output[i];
    if (given && !values.has(name) && !outputs.has(name)) outputs.set(name, given);
  });
  for (const { output } of body.node) {
    for (const name of output) {
      if (values.has(name)) continue;
      values.set(name, outputs.get(name) ?? flat.fresh(`${label}/${name}`));
    }
  }
  const attributes = new Map(
    [...body.attribute_proto, ...call.attribute].map((one) => [one.name ?? '', one]),
  );
  for (const node of body.node) {
    const own = renamed(node, { values, attributes });
    flat.add({ ...own, name: node.name ? `${label}/${node.name}` : '' });
  }
  body.output.forEach((name, i) => {
    flat.alias(values.get(name) ?? name, call.output[i] ?? '');
  });
}
