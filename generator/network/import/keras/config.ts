import { kerasError } from './errors.js';
import { type Inbound, inboundEdges, inboundNodes, trains } from './inbound.js';
import { fieldOf, isList, isObject, type Json, type JsonObject, jsonText } from './json.js';
import type { Edge, KerasLayer, KerasNetwork, Place } from './layer.js';

const MOST_LAYERS = 10_000;
const SEQUENTIAL = 'Sequential';
const FUNCTIONAL: readonly string[] = ['Functional', 'Model', 'Graph'];
/** What comes with Keras says so, or nothing. */
const OWN_MODULE = /^(keras|tensorflow|tf_keras)\b/;

/**
 * The layers of a network from its configuration, those of networks within it among them.
 * @throws UserError KERAS_CONFIG where it is no configuration, KERAS_LAYER for layers and networks that are programs of
 * their own, or are used more than once.
 */
export function networkOf(config: Json, file: string): KerasNetwork {
  const reader = new ConfigReader(file);
  const { outputs } = reader.network(config, '', null, [], 'model_config');
  return { layers: reader.layers, outputs };
}

/** A network within a network: what it computes, by place. */
interface Inlined {
  readonly outputs: readonly Edge[];
}

class ConfigReader {
  readonly layers: KerasLayer[] = [];

  constructor(private readonly file: string) {}

  /** `given`: what a network within a network reads. `parent`: where its weights are; null for the whole network. */
  network(
    config: Json | undefined,
    prefix: string,
    parent: Place | null,
    given: readonly Edge[],
    field: string,
  ): Inlined {
    const className = fieldOf(config, 'class_name');
    const own = fieldOf(config, 'config');
    if (typeof className !== 'string' || own === undefined) {
      throw this.bad(field, 'class_name and config', jsonText(config));
    }
    this.checkOwn(config as JsonObject, field);
    if (className === SEQUENTIAL) return this.sequential(own, prefix, parent, given, field);
    if (className === 'Graph' || !FUNCTIONAL.includes(className)) {
      const expected = 'a Sequential or functional network (a class of its own is a program)';
      throw this.refuse(field, expected, className);
    }
    return this.functional(own, prefix, parent, given, field);
  }

  private sequential(
    config: Json,
    prefix: string,
    parent: Place | null,
    given: readonly Edge[],
    field: string,
  ): Inlined {
    const list = this.list(isList(config) ? config : fieldOf(config, 'layers'), `${field}.layers`);
    const paths = new Paths(parent);
    let inputs = given;
    for (const one of list) {
      const { name } = this.entry(one, field);
      const outputs = this.layer(one, name, prefix, parent, paths, inputs, field);
      // the input layer of a network within a network stands for what that reads
      inputs = outputs.slice(0, 1);
    }
    return { outputs: inputs };
  }

  private functional(
    config: Json,
    prefix: string,
    parent: Place | null,
    given: readonly Edge[],
    field: string,
  ): Inlined {
    const list = this.list(fieldOf(config, 'layers'), `${field}.layers`);
    const paths = new Paths(parent);
    const made = new Map<string, readonly Edge[]>();
    const inputs = inboundEdges(fieldOf(config, 'input_layers') ?? null).map(({ layer }) => layer);
    const resolve = ({ layer, node, output }: Inbound, of: string): Edge => {
      const edges = made.get(layer);
      const edge = edges?.[output];
      if (edge === undefined) throw this.bad(of, 'inputs that layers before it compute', layer);
      // a network within the network has a use of its own before
      if (node !== 0 && edge.layer === prefix + layer) {
        throw this.refuse(edge.layer, 'a layer that is used once', 'it is used more often');
      }
      return edge;
    };
    for (const one of list) {
      const { name, layer } = this.entry(one, field);
      if (made.has(name)) throw this.bad(field, 'one layer of each name', name);
      const nodes = inboundNodes(fieldOf(layer, 'inbound_nodes'));
      if (nodes.length > 1) {
        throw this.refuse(name, 'a layer that is used once', `it is used ${nodes.length} times`);
      }
      if (nodes.some(trains)) {
        throw this.refuse(name, 'a layer as it is in use', 'one that is called with training=True');
      }
      const edges = nodes.flatMap(inboundEdges);
      const at = inputs.indexOf(name);
      const from =
        at >= 0 && given[at] !== undefined ? [given[at]] : edges.map((edge) => resolve(edge, name));
      made.set(name, this.layer(one, name, prefix, parent, paths, from, field));
    }
    const outputs = inboundEdges(fieldOf(config, 'output_layers') ?? null).map((edge) =>
      resolve(edge, field),
    );
    if (outputs.length === 0) throw this.bad(`${field}.output_layers`, 'at least one', 'none');
    return { outputs };
  }

  /** Adds a layer, or those of a network that stands in its place, and says what its outputs are. */
  private layer(
    json: Json,
    name: string,
    prefix: string,
    parent: Place | null,
    paths: Paths,
    inputs: readonly Edge[],
    field: string,
  ): readonly Edge[] {
    const { className, config } = this.entry(json, field);
    const path = paths.next(className);
    const full = prefix + name;
    const place: Place =
      parent === null
        ? { group: name, own: name, nested: false, path }
        : { group: parent.group, own: name, nested: true, path };
    if (className === SEQUENTIAL || FUNCTIONAL.includes(className)) {
      return this.network(json, `${full}/`, place, inputs, full).outputs;
    }
    this.checkOwn(json as JsonObject, full);
    if (className === 'InputLayer' && inputs.length > 0) return inputs;
    this.layers.push({ name: full, className, config, inputs, place });
    if (this.layers.length > MOST_LAYERS) {
      throw this.bad(field, `at most ${MOST_LAYERS} layers`, 'more');
    }
    // how many outputs it has is not known: states come behind the first one
    return [0, 1, 2, 3].map((output) => ({ layer: full, output }));
  }

  private entry(json: Json, field: string) {
    const className = fieldOf(json, 'class_name');
    const config = fieldOf(json, 'config');
    const layers = isList(config) ? ({ name: 'sequential', layers: config } as JsonObject) : config;
    if (typeof className !== 'string' || !isObject(layers) || !isObject(json)) {
      throw this.bad(`${field}.layers`, 'class_name and config', jsonText(json));
    }
    const name = fieldOf(json, 'name') ?? fieldOf(layers, 'name') ?? className.toLowerCase();
    if (typeof name !== 'string' || name === '') throw this.bad(field, 'a name', jsonText(name));
    return { layer: json, name, className, config: layers };
  }

  private list(value: Json | undefined, field: string): readonly Json[] {
    if (isList(value) && value.length > 0) return value;
    throw this.bad(field, 'a list of layers', jsonText(value));
  }

  /** A class that is registered under a name of its own, or comes from elsewhere, is a program. */
  private checkOwn(json: JsonObject, field: string): void {
    const module = fieldOf(json, 'module') ?? null;
    const registered = fieldOf(json, 'registered_name') ?? null;
    const className = fieldOf(json, 'class_name');
    const foreign = module !== null && !(typeof module === 'string' && OWN_MODULE.test(module));
    const custom = registered !== null && registered !== className;
    if (!foreign && !custom && !(typeof className === 'string' && className.includes('>'))) return;
    const got = `${jsonText(className)} of ${jsonText(foreign ? module : registered)}`;
    throw this.refuse(field, 'a layer of Keras itself (another one is a program)', got);
  }

  private bad(field: string, expected: string, got: string): Error {
    return kerasError(this.file, 'KERAS_CONFIG', field, expected, got);
  }

  private refuse(field: string, expected: string, got: string): Error {
    return kerasError(this.file, 'KERAS_LAYER', field, expected, got);
  }
}

/** Paths of layers in model.weights.h5: the class in snake case, counted within its network. */
class Paths {
  readonly #used = new Map<string, number>();
  readonly #base: string;

  constructor(parent: Place | null) {
    this.#base = parent === null ? 'layers' : `${parent.path}/layers`;
  }

  next(className: string): string {
    const name = snakeCase(className);
    const before = this.#used.get(name);
    this.#used.set(name, (before ?? -1) + 1);
    return `${this.#base}/${before === undefined ? name : `${name}_${before + 1}`}`;
  }
}

/** As Keras makes names of classes, keras/src/utils/naming.py. */
function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
