import { expect } from 'vitest';
import { Random } from '../../../../generator/base/random.js';
import { FloatNetwork } from '../../../../generator/network/float/run.js';
import { importNetwork } from '../../../../generator/network/import/import.js';
import type { Imported } from '../../../../generator/network/import/imported.js';
import { type GraphMessage, onnxFile, value } from '../../../support/onnx.js';
import { OnnxRuntime } from '../../../support/onnx-runtime.js';
import { type GateLayer, type Linear, runReference } from './lstm-reference.js';

/** A file, and the network that it stands for. */
export interface Case {
  readonly graph: GraphMessage;
  readonly opset?: number;
  readonly ir?: number;
  readonly layers: readonly GateLayer[];
  readonly linear?: Linear | null;
  readonly map?: readonly string[];
  /** Value with the sums of the output layer, of every frame or of the last one. */
  readonly sums?: string;
  readonly lastFrame?: boolean;
  /** Axes of x in the file. */
  readonly axes?: 'frames first' | 'batch first' | 'no batch';
  /** Number of frames, where the file says. */
  readonly frames?: number;
  readonly feeds?: Readonly<Record<string, readonly number[]>>;
  readonly type?: 'float32' | 'float64';
  /** Why ONNX Runtime cannot run the file. */
  readonly notInRuntime?: string;
}

const SEED = 31;

/**
 * Imports the file and compares h of every layer and the outputs with the equations, to 1e-9, and with ONNX Runtime
 * on the same file, to 1e-5, where Y_0, Y_1 ... are made outputs of the graph, too.
 */
export async function expectSame(given: Case): Promise<Imported> {
  const { graph, layers, linear = null, frames: count = 40, feeds = {}, type = 'float32' } = given;
  const bytes = onnxFile(graph, { opset: given.opset ?? 17, ir: given.ir ?? 8 });
  const imported = importNetwork(bytes, 'net.onnx', { map: given.map ?? [] });
  const all = graph.node.length + (graph.initializer ?? []).length;
  expect(imported.taken.length + imported.leftOut.length).toBe(all);
  const random = new Random(SEED);
  const inputs = layers[0]?.inputs as number;
  const frames = Array.from({ length: count }, () =>
    Array.from({ length: inputs }, () => Math.fround(4 * random.unit() - 2)),
  );
  const network = new FloatNetwork(imported.model);
  const got = frames.map((frame) => network.step(Float64Array.from(frame)));
  const expected = runReference(layers, linear, frames);
  got.forEach(({ layers: states, outputs }, t) => {
    expected.h.forEach((h, l) => {
      close(
        states[l]?.h ?? [],
        h[t] ?? [],
        1e-9,
        `h of layer ${l}, frame ${t}, against the equations`,
      );
    });
    close(outputs, expected.outputs[t] ?? [], 1e-9, `outputs, frame ${t}, against the equations`);
  });
  if (given.notInRuntime !== undefined) return imported;
  const own = new Set(graph.output.map(({ name }) => name));
  const more = layers.map((_, l) => `Y_${l}`).filter((name) => !own.has(name));
  const output = [...graph.output, ...more.map((name) => value(name, null, type))];
  const whole = onnxFile({ ...graph, output }, { opset: given.opset ?? 17, ir: given.ir ?? 8 });
  const runtime = await OnnxRuntime.load(whole);
  const dims = {
    'frames first': [count, 1, inputs],
    'batch first': [1, count, inputs],
    'no batch': [count, inputs],
  }[given.axes ?? 'frames first'];
  const zeros = Object.entries(feeds).map(
    ([name, shape]) =>
      [name, { dims: shape, data: new Float64Array(shape.reduce((a, b) => a * b, 1)) }] as const,
  );
  const feed = { x: { dims, data: frames.flat() }, ...Object.fromEntries(zeros) };
  const outputs = await runtime.run(feed, type);
  layers.forEach((_, l) => {
    const h = got.flatMap((frame) => [...(frame.layers[l]?.h ?? [])]);
    close(outputs.get(`Y_${l}`)?.data ?? [], h, 1e-5, `h of layer ${l}, in ONNX Runtime`);
  });
  if (given.sums !== undefined) {
    const own = given.lastFrame ? got.slice(-1) : got;
    const sums = own.flatMap((frame) => [...frame.outputs]);
    const { data, dims: axes } = outputs.get(given.sums) ?? { data: [], dims: [] };
    // [outputs, frames] where the file multiplies from the left
    const rows = linear?.b.length ?? 1;
    const byRow = count !== rows && axes.at(-1) === count && axes.at(-2) === rows;
    const at = (i: number) => (i % rows) * count + Math.floor(i / rows);
    const theirs = byRow ? Array.from(data, (_, i) => data[at(i)] as number) : data;
    close(theirs, sums, 1e-5, 'outputs, in ONNX Runtime');
  }
  await runtime.release();
  return imported;
}

function close(a: ArrayLike<number>, b: ArrayLike<number>, limit: number, what: string): void {
  expect([what, a.length]).toEqual([what, b.length]);
  const far = Array.from(a).findIndex((value, i) => !(Math.abs(value - (b[i] as number)) <= limit));
  expect([what, far, a[far], b[far]]).toEqual([what, -1, undefined, undefined]);
}
