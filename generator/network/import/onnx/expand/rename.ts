import type { AttributeProto, GraphProto, NodeProto } from '../messages.js';

/** What the names of values and of function attributes stand for. */
export interface Names {
  readonly values: ReadonlyMap<string, string>;
  /** Values of the attributes that a call of a function gives; absent outside of functions. */
  readonly attributes?: ReadonlyMap<string, AttributeProto>;
}

/** A node that reads and computes values under other names, in the graphs inside it too. */
export function renamed(node: NodeProto, names: Names): NodeProto {
  const value = (name: string) => names.values.get(name) ?? name;
  return {
    ...node,
    input: node.input.map(value),
    output: node.output.map(value),
    attribute: node.attribute.flatMap((attribute) => attributeOf(attribute, names)),
  };
}

/** An attribute, or the one of the call that it refers to; none where the call has none. */
function attributeOf(attribute: AttributeProto, names: Names): readonly AttributeProto[] {
  const { ref_attr_name, name = '', g, graphs } = attribute;
  if (ref_attr_name && names.attributes !== undefined) {
    const given = names.attributes.get(ref_attr_name);
    return given === undefined ? [] : [{ ...given, name }];
  }
  if (!g && graphs.length === 0) return [attribute];
  const inner = { graphs: graphs.map((one) => graphWith(one, names)) };
  return [{ ...attribute, ...inner, ...(g && { g: graphWith(g, names) }) }];
}

/** A graph inside a node, which sees the values around it unless it has its own of that name. */
function graphWith(graph: GraphProto, names: Names): GraphProto {
  const own = definedIn(graph);
  const values = new Map([...names.values].filter(([name]) => !own.has(name)));
  const seen = { ...names, values };
  return {
    ...graph,
    node: graph.node.map((node) => renamed(node, seen)),
    output: graph.output.map((one) => ({
      ...one,
      name: values.get(one.name ?? '') ?? one.name ?? '',
    })),
  };
}

/** Names of the values that a graph defines. */
export function definedIn(graph: GraphProto): ReadonlySet<string> {
  const { node, input, initializer, sparse_initializer } = graph;
  return new Set([
    ...input.map(({ name = '' }) => name),
    ...initializer.map(({ name = '' }) => name),
    ...sparse_initializer.map(({ values }) => values?.name ?? ''),
    ...node.flatMap(({ output }) => output),
  ]);
}
