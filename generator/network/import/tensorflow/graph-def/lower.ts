import { Builder } from '../builder.js';
import { tensorflowError } from '../errors.js';
import { isLoop, type LoopVariable, type Lowered, type LoweredLoop } from '../lowered.js';
import { Integers } from './integers.js';
import type { FunctionDef, GraphDef } from './messages.js';
import {
  controlsOf,
  functionNodes,
  graphNodes,
  nodeName,
  outputName,
  type TfNode,
} from './node.js';
import { OPERATORS, outputsOf, wrongInputs } from './operators.js';
import { type Frame, inOrder } from './order.js';
import { constantOf, ElementBudget, lengthsOf } from './tensor.js';

/** Operators whose values are in another file, or are gone with the session. */
const VARIABLES = new Set([
  'VarHandleOp',
  'VariableV2',
  'Variable',
  'ReadVariableOp',
  'TemporaryVariable',
]);
/** Operators without an output that counts. */
const NO_OUTPUT = new Set(['NoOp', 'Assert', 'Const', 'Placeholder']);
const CALLS = new Set(['PartitionedCall', 'StatefulPartitionedCall']);
const WHILES = new Set(['While', 'StatelessWhile']);

/** Nodes that calls of functions may come to, and calls inside of each other. */
const MOST_NODES = 200_000;
const DEEPEST_CALL = 30;

/** A graph in ONNX's operators, with its loops. @throws UserError TENSORFLOW_INVALID, TENSORFLOW_VARIABLES */
export function lowerGraph(graph: GraphDef, file: string, bytes: number): Lowered {
  return new GraphLowering(graph, file, bytes).lowered;
}

class GraphLowering {
  readonly lowered: Lowered;
  readonly #builder = new Builder();
  readonly #nodes = new Map<string, TfNode>();
  readonly #used = new Map<string, number>();
  readonly #inputs: { name: string; shape: readonly number[] | null }[] = [];
  /** The loop of TensorFlow 1 that a node is in. */
  readonly #frames = new Map<string, string>();
  readonly #functions: ReadonlyMap<string, FunctionDef>;
  readonly #integers: Integers;
  readonly #budget: ElementBudget;
  #count = 0;

  constructor(
    graph: GraphDef,
    private readonly file: string,
    bytes: number,
  ) {
    this.#budget = new ElementBudget(bytes, file);
    this.#integers = new Integers(this.#nodes, this.#builder.constants);
    this.#functions = new Map(
      (graph.library?.function ?? []).map((own) => [own.signature?.name ?? '', own]),
    );
    const nodes = graphNodes(graph.node, file);
    this.#add(nodes, [], this.#builder, 0);
    const read = new Set(nodes.flatMap(({ inputs }) => inputs.map(nodeName)));
    const orders = controlsOf(graph.node);
    const ends = nodes.filter(({ name, op }) => !read.has(name) && !NO_OUTPUT.has(op));
    // what a loop hands out and nobody reads is an answer only where nothing else is
    const answers = ends.filter(({ op }) => op !== 'Exit' && !WHILES.has(op));
    const outputs = (answers.length > 0 ? answers : ends).flatMap(({ name }) =>
      this.#outputs(name),
    );
    const made = new Set(
      this.#builder.items.flatMap((item) =>
        isLoop(item) ? item.variables.map(({ end }) => end) : item.outputs,
      ),
    );
    this.lowered = {
      inputs: this.#inputs,
      outputs: outputs.filter((name) => made.has(name)),
      items: this.#builder.items,
      inLoops: answers.flatMap(({ name, op }) => {
        // what only says in which order nodes are run is no value that anybody wants
        if (orders.has(name)) return [];
        const loop = this.#frames.get(name);
        return loop === undefined ? [] : [{ name, op, loop }];
      }),
      collected: this.#builder.collected,
    };
  }

  /** Names of the outputs of a node, as many as are read, one at least. */
  #outputs(node: string): readonly string[] {
    const length = (this.#used.get(node) ?? 0) + 1;
    return Array.from({ length }, (_, output) => outputName(node, output));
  }

  #add(
    nodes: readonly TfNode[],
    results: readonly string[],
    builder: Builder,
    depth: number,
  ): void {
    this.#count += nodes.length;
    if (this.#count > MOST_NODES || depth > DEEPEST_CALL) {
      const got = depth > DEEPEST_CALL ? 'calls inside of each other' : `${this.#count}`;
      throw tensorflowError(
        this.file,
        'IMPORT_TOO_LARGE',
        'graph',
        `at most ${MOST_NODES} nodes`,
        got,
      );
    }
    for (const node of nodes) this.#nodes.set(node.name, node);
    for (const value of [...nodes.flatMap(({ inputs }) => inputs), ...results]) {
      const output = Number(/:(\d+)$/.exec(value)?.[1] ?? 0);
      const name = nodeName(value);
      // more outputs than any operator has parts: such a value has no producer, which is found later
      if (output <= 65_536) this.#used.set(name, Math.max(this.#used.get(name) ?? 0, output));
    }
    for (const node of nodes) {
      const [read, made] = [this.#used.get(node.name) ?? 0, outputsOf(node)];
      if (made === null || read < Math.max(1, made)) continue;
      const [expected, got] = [`output ${made - 1} at most`, `${outputName(node.name, read)}`];
      throw tensorflowError(this.file, 'TENSORFLOW_INVALID', node.name, expected, got);
    }
    // constants first: lists of axes come from them, wherever they stand
    for (const { name, op, attr } of nodes) {
      if (op !== 'Const') continue;
      const tensor = attr.value?.tensor;
      if (tensor == null) {
        throw tensorflowError(this.file, 'TENSORFLOW_INVALID', name, 'a tensor', 'none');
      }
      this.#builder.constants.set(name, constantOf(tensor, name, this.file, this.#budget));
    }
    for (const item of inOrder(nodes, this.file)) {
      if ('nodes' in item) this.#frame(item, builder);
      else this.#node(item, builder, depth);
    }
  }

  #node(node: TfNode, builder: Builder, depth: number): void {
    const { name, op, attr } = node;
    if (op === 'Const' || op === 'NoOp') return;
    if (VARIABLES.has(op)) {
      const expected =
        'a frozen graph, with its weights in it (in Python: open("net.tflite", "wb").write(tf.lite.TFLiteConverter.from_saved_model("FOLDER").convert()))';
      const got = `${op}: the weights of a SavedModel are variables, which are in another file`;
      throw tensorflowError(this.file, 'TENSORFLOW_VARIABLES', name, expected, got);
    }
    if (op === 'Placeholder') {
      this.#inputs.push({ name, shape: lengthsOf(attr.shape?.shape) });
      return;
    }
    const own = this.#functions.get(attr.f?.func?.name ?? '');
    if (CALLS.has(op) && own !== undefined) {
      const { nodes, results } = functionNodes(own, `${name}/`, node.inputs, this.file);
      this.#add(nodes, results, builder, depth + 1);
      this.#outputs(name).forEach((output, i) => {
        const result = results[i];
        if (result === undefined) return;
        builder.part(name, 'Identity', [result], {}, output);
      });
      return;
    }
    if (WHILES.has(op) && this.#while(node, builder, depth)) return;
    const outputs = this.#outputs(name);
    const wanted = wrongInputs(node);
    if (wanted !== null) {
      const [expected, got] = [`${wanted} inputs of ${op}`, `${node.inputs.length}`];
      throw tensorflowError(this.file, 'TENSORFLOW_INVALID', name, expected, got);
    }
    const call = { node, outputs, builder, integers: this.#integers };
    if (OPERATORS[op]?.(call)) return;
    builder.node(name, `tf.${op}`, node.inputs, outputs, blockAttributes(node));
  }

  /** A loop of TensorFlow 2, whose condition and body are functions. */
  #while(node: TfNode, builder: Builder, depth: number): boolean {
    const { name, inputs, attr } = node;
    const [cond, body] = [attr.cond, attr.body].map((own) =>
      this.#functions.get(own?.func?.name ?? ''),
    );
    if (cond === undefined || body === undefined) return false;
    const before = inputs.map((_, i) => `${name}/before:${i}`);
    const parts = this.#inner();
    const test = functionNodes(cond, `${name}/cond/`, before, this.file);
    this.#add(test.nodes, test.results, parts, depth + 1);
    const step = functionNodes(body, `${name}/body/`, before, this.file);
    this.#add(step.nodes, step.results, parts, depth + 1);
    const [condition] = test.results;
    if (condition === undefined || step.results.length !== inputs.length) return false;
    const variables = inputs.map((start, i): LoopVariable => {
      const [own, after] = [before[i] as string, step.results[i] as string];
      return { start, before: own, after, end: outputName(name, i) };
    });
    builder.loop({ name, of: [name], variables, condition, body: parts.items });
    return true;
  }

  /** A loop of TensorFlow 1: Enter, Merge, Switch, NextIteration and Exit for each variable. */
  #frame({ name, nodes }: Frame, builder: Builder): void {
    const parts = this.#inner();
    const byName = new Map(nodes.map((node) => [node.name, node]));
    for (const node of nodes) this.#frames.set(node.name, name);
    const of = (value: string | undefined) => byName.get(value ?? '');
    const variables: LoopVariable[] = [];
    const merges = new Map<string, TfNode>();
    let condition = '';
    for (const node of nodes) {
      const { op, inputs } = node;
      const [first = '', second = ''] = inputs;
      if (op === 'Enter') {
        if (node.attr.is_constant?.b) builder.part(node.name, 'Identity', [first], {}, node.name);
      } else if (
        op === 'Merge' &&
        of(first)?.op === 'Enter' &&
        of(second)?.op === 'NextIteration'
      ) {
        merges.set(node.name, node);
      } else if (op === 'LoopCond') condition = first;
      else if (op === 'Switch' && merges.has(first) && of(second)?.op === 'LoopCond') {
        parts.part(node.name, 'Identity', [first], {}, outputName(node.name, 1));
      } else if (op !== 'NextIteration' && op !== 'Exit') this.#node(node, parts, 0);
    }
    const ends = new Map<string, string>();
    for (const { name: exit, op, inputs } of nodes) {
      const merge = op === 'Exit' ? of(inputs[0])?.inputs[0] : undefined;
      if (merge !== undefined) ends.set(merge, exit);
    }
    for (const merge of merges.values()) {
      const [enter = '', next = ''] = merge.inputs;
      variables.push({
        start: of(enter)?.inputs[0] ?? '',
        before: merge.name,
        after: of(next)?.inputs[0] ?? '',
        end: ends.get(merge.name) ?? '',
      });
    }
    const loop: LoweredLoop = {
      name,
      of: nodes.map((node) => node.name),
      variables,
      condition,
      body: parts.items,
    };
    builder.loop(loop);
  }

  /** Collects the nodes of a body; constants are those of the whole. */
  #inner(): Builder {
    return new Builder(this.#builder.collected);
  }
}

/** What an operator that is an LSTM says of itself. */
function blockAttributes({ op, attr }: TfNode): Readonly<Record<string, string | number>> {
  if (!op.startsWith('BlockLSTM') && op !== 'LSTMBlockCell') return {};
  return {
    forget_bias: `${attr.forget_bias?.f ?? (op === 'BlockLSTMV2' ? 0 : 1)}`,
    cell_clip: `${attr.cell_clip?.f ?? (op === 'BlockLSTMV2' ? 0 : 3)}`,
    use_peephole: attr.use_peephole?.b ? 1 : 0,
  };
}
