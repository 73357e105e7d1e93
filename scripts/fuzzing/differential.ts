import { Random } from '../../generator/base/random.js';
import { FloatNetwork } from '../../generator/network/float/run.js';
import type { Imported } from '../../generator/network/import/imported.js';
import { type Graph, graphOf } from '../../generator/network/import/onnx/graph.js';
import type { GraphProto, ModelProto } from '../../generator/network/import/onnx/messages.js';
import { decodeOnnx } from '../../generator/network/import/onnx/protobuf.js';
import { disagreement } from '../../test/network/import/support/agreement.js';
import { encodeModel, value } from '../../test/support/onnx.js';
import { OnnxRuntime } from '../../test/support/onnx-runtime.js';

/** What ONNX Runtime lacks although the standard has it, or is strict about where nothing depends on it. */
const LACKING = [
  /Batchwise recurrent operations \(layout == 1\) are not supported/,
  /LSTM operator does not support double yet/,
  /hidden_size.*was false/, // an optional attribute
  /two nodes with same node name/,
  /Unsupported model IR version/,
  /is under development and support for this is limited/,
  /[Ee]xternal data|external_data/,
  /NOT_IMPLEMENTED|Could not find an implementation/,
];

const FRAMES = 3;
const LIMIT = 1e-4;

/**
 * Runs the nodes of a file that became the model, alone, in ONNX Runtime and compares h of every layer and the sums
 * of the output layer with the imported network. Returns what differs (also when ONNX Runtime does not take them);
 * null when nothing does, or `skipped` with the reason when the two cannot be compared.
 */
export async function difference(
  imported: Imported,
  bytes: Uint8Array,
): Promise<string | null | { readonly skipped: string }> {
  // nodes of two directions are two layers each: the outputs say all
  if (imported.model.layers.some(({ direction }) => direction !== undefined)) {
    return claims(imported, bytes);
  }
  const result = await compared(imported, bytes, FRAMES);
  // some files are right for a single frame only, and do not say so
  const again = typeof result === 'string' ? await compared(imported, bytes, 1) : result;
  return again ?? claims(imported, bytes);
}

/** Runs the whole file, and compares the outputs that the importer claims. */
async function claims(
  imported: Imported,
  bytes: Uint8Array,
): Promise<string | null | { readonly skipped: string }> {
  const { frames, outputs = [] } = imported;
  if (!outputs.some(({ is }) => is === 'outputs')) return null;
  const { shapes, inputs } = graphOf(decodeOnnx(bytes, 'f'), 'f');
  const n = imported.model.layers[0]?.inputs as number;
  const usual: Readonly<Record<string, number>> = { time: FRAMES, batch: 1, feature: n };
  const feeds: Record<string, readonly number[]> = {};
  for (const name of inputs) {
    const shape = shapes.get(name);
    const axes = name === frames?.name ? frames.axes : undefined;
    if (shape === undefined || (axes && axes.length !== shape.length))
      return { skipped: 'no shape' };
    feeds[name] = shape.map((length, axis) => length ?? usual[axes?.[axis]?.[0] ?? 'batch'] ?? 1);
    if (feeds[name].reduce((a, b) => a * b, 1) > 100_000) return { skipped: 'too large' };
  }
  const zeros = [...inputs].filter((name) => name !== frames?.name);
  try {
    return await disagreement(bytes, imported, feeds, { zeros });
  } catch (error) {
    // what is left out of the file need not run, and lengths that the file does not say need not fit
    return {
      skipped: `the whole file: ${String(error)
        .replaceAll(/[0-9]+/g, '#')
        .slice(0, 60)}`,
    };
  }
}

async function compared(
  imported: Imported,
  bytes: Uint8Array,
  length: number,
): ReturnType<typeof difference> {
  const proto = decodeOnnx(bytes, 'f');
  // of fully connected layers alone the outputs say all
  const own = recurrentOf(imported);
  if (own.length === 0) return null;
  const part = takenPart(proto, graphOf(proto, 'f'), imported, length);
  if (typeof part === 'string') return { skipped: part };
  let runtime: OnnxRuntime;
  try {
    runtime = await OnnxRuntime.load(encodeModel({ ...proto, functions: [], graph: part.graph }));
  } catch (error) {
    return refusal(error);
  }
  try {
    const random = new Random(5);
    const [first] = imported.model.layers;
    const inputs = first?.inputs as number;
    const frames = Array.from({ length: part.frames }, () =>
      Float64Array.from({ length: inputs }, () => Math.fround(2 * random.unit() - 1)),
    );
    const feeds = { [part.x]: { dims: part.dims, data: laidOut(frames, part, imported) } };
    for (const { name, cells } of part.states) {
      const data = new Float64Array(part.batch * cells);
      Object.assign(feeds, { [name]: { dims: [1, part.batch, cells], data } });
    }
    const theirs = await runtime.run(feeds);
    const network = new FloatNetwork(imported.model);
    const ours = network.utterance(frames);
    for (const [l, { name, last }] of part.hidden.entries()) {
      const given = (last ? ours.slice(-1) : ours).flatMap(({ layers }) =>
        Array.from({ length: part.batch }, () => [...(layers[own[l] as number]?.h ?? [])]).flat(),
      );
      const far = farthest(given, theirs.get(name)?.data ?? []);
      if (far !== null) return `h of layer ${own[l]}: ${far}`;
    }
    if (part.sums === null || part.batch !== 1) return null;
    const { data } = theirs.get(part.sums) as { data: Float64Array };
    const n = imported.model.output?.outputs as number;
    const sums = ours.map(({ outputs }) => [...outputs]);
    const shown = data.length === n ? sums.slice(-1) : sums;
    const byRow = Array.from({ length: n }, (_, k) => shown.map((row) => row[k] as number));
    const [far, farByRow] = [farthest(shown.flat(), data), farthest(byRow.flat(), data)];
    return far === null || farByRow === null ? null : `outputs: ${far}`;
  } catch (error) {
    return refusal(error);
  } finally {
    await runtime.release();
  }
}

/** Frames on the axes that the file has for them; every utterance of the batch is the same one. */
function laidOut(
  frames: readonly Float64Array[],
  { batch, dims }: Part,
  { frames: source }: Imported,
): Float64Array {
  const data = new Float64Array(dims.reduce((a, b) => a * b, 1));
  const parts = source?.axes.map(([part]) => part) ?? [];
  const stride = (part: string) => {
    const axis = parts.indexOf(part);
    return axis < 0 ? 0 : dims.slice(axis + 1).reduce((a, b) => a * b, 1);
  };
  const [time, utterance, feature] = [stride('time'), stride('batch'), stride('feature')];
  frames.forEach((frame, t) => {
    for (let b = 0; b < batch; b++) {
      frame.forEach((value, i) => {
        data[t * time + b * utterance + i * feature] = value;
      });
    }
  });
  return data;
}

/** Which layers are recurrent. */
function recurrentOf({ model }: Imported): readonly number[] {
  return model.layers.flatMap(({ h }, l) => (h === null ? [] : [l]));
}

interface Part {
  readonly graph: GraphProto;
  readonly x: string;
  readonly dims: readonly number[];
  readonly frames: number;
  readonly batch: number;
  readonly states: readonly { readonly name: string; readonly cells: number }[];
  readonly hidden: readonly { readonly name: string; readonly last: boolean }[];
  readonly sums: string | null;
}

/** The nodes and tensors that were taken as a graph by themselves, or why that cannot be compared. */
function takenPart(
  { graph }: ModelProto,
  checked: Graph,
  imported: Imported,
  length: number,
): Part | string {
  if (!graph) return 'no graph';
  const names = new Set(imported.taken);
  const nodes = checked.nodes.filter(({ label }) => names.has(label));
  const recurrent = nodes.filter(({ op }) => /^(LSTM|GRU|RNN)$/.test(op));
  const [first] = recurrent;
  const own = recurrentOf(imported).map((l) => imported.model.layers[l]);
  if (first === undefined || recurrent.length !== own.length) return 'names are not unique';
  const { name: x = '', axes = [] } = imported.frames ?? {};
  const shape = checked.shapes.get(x) ?? [];
  const batchFirst = first.attributes.some(
    ({ name, i }) => name === 'layout' && i?.toNumber() === 1,
  );
  if (batchFirst) return 'layout 1';
  const layers = imported.model.layers;
  // as many utterances as states that the file has
  const [constant = 1] = recurrent.flatMap(({ inputs }) =>
    inputs.slice(5, 7).flatMap((name) => {
      const dims = checked.initializers.get(name)?.dims ?? [];
      return dims[1] === undefined ? [] : [Number(dims[1])];
    }),
  );
  const usual = { time: length, batch: constant, feature: layers[0]?.inputs as number };
  const dims = axes.map(([part], axis) => (part ? (shape[axis] ?? usual[part as 'time']) : 1));
  const lengthOf = (part: string) => dims[axes.findIndex(([own]) => own === part)] ?? 1;
  const [frames, batch] = [lengthOf('time'), lengthOf('batch')];
  if (frames > 64 || batch > 4) return 'too long';
  const hidden = recurrent.map(({ outputs: [y = '', h = ''] }) => ({
    name: y || h,
    last: y === '',
  }));
  if (hidden.some(({ name }) => name === '')) return 'no h';
  const states = recurrent.flatMap(({ inputs }, l) =>
    inputs
      .slice(5, 7)
      .filter((name) => name !== '' && !checked.initializers.has(name))
      .map((name) => ({ name, cells: own[l]?.cells as number })),
  );
  // from an output of the file back to the sums, behind what makes probabilities of them
  let sums = imported.model.output && imported.outputs?.find(({ is }) => is === 'outputs')?.name;
  for (let at = sums; at && !names.has(checked.producers.get(at)?.node.label ?? ''); ) {
    at = checked.producers.get(at)?.node.inputs[0];
    sums = at;
  }
  const inputs = new Map(states.map(({ name, cells }) => [name, value(name, [1, batch, cells])]));
  inputs.set(x, value(x, dims));
  // backwards from what is compared, up to frames and states
  const needed = new Set([...hidden.map(({ name }) => name), ...(sums ? [sums] : [])]);
  const kept = new Set<number>();
  for (const { index, inputs: read, outputs } of [...nodes].reverse()) {
    if (!outputs.some((name) => needed.has(name))) continue;
    kept.add(index);
    for (const name of read) if (!inputs.has(name)) needed.add(name);
  }
  const part = {
    name: 'part',
    node: graph.node.filter((_, index) => kept.has(index)),
    initializer: graph.initializer.filter(({ name = '' }) => needed.has(name)),
    input: [...inputs.values()],
    output: [...hidden.map(({ name }) => name), ...(sums ? [sums] : [])]
      .filter((name, i, all) => all.indexOf(name) === i)
      .map((name) => ({ name })),
  };
  return {
    graph: part as unknown as GraphProto,
    x,
    dims,
    frames,
    batch,
    states,
    hidden,
    sums: sums || null,
  };
}

function refusal(error: unknown): string | { readonly skipped: string } {
  const text = String(error);
  const lacking = LACKING.find((one) => one.test(text));
  return lacking ? { skipped: lacking.source } : `ONNX Runtime: ${text}`;
}

/** The two numbers that differ most, where that is too much. */
function farthest(a: ArrayLike<number>, b: ArrayLike<number>): string | null {
  if (a.length !== b.length) return `${a.length} numbers, ONNX Runtime has ${b.length}`;
  const scale = Array.from(b).reduce((most, one) => Math.max(most, Math.abs(one)), 1);
  let worst = -1;
  for (let i = 0; i < a.length; i++) {
    const error = Math.abs((a[i] as number) - (b[i] as number));
    const most = worst < 0 ? LIMIT * scale : Math.abs((a[worst] as number) - (b[worst] as number));
    if (!(error <= most)) worst = i;
  }
  return worst < 0 ? null : `${a[worst]} at ${worst}, ONNX Runtime has ${b[worst]}`;
}
