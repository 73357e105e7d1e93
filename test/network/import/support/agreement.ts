import { Random } from '../../../../generator/base/random.js';
import type { Imported } from '../../../../generator/network/import/imported.js';
import { decodeOnnx } from '../../../../generator/network/import/onnx/protobuf.js';
import { runBothWays } from '../../../support/both-ways.js';
import { encodeModel, value } from '../../../support/onnx.js';
import { type Numbers, OnnxRuntime } from '../../../support/onnx-runtime.js';

type Claim = Extract<NonNullable<Imported['outputs']>[number], { is: 'outputs' }>;

/** Difference to ONNX Runtime, which computes in single precision, as a part of the largest number above one. */
const LIMIT = 1e-4;

/**
 * Runs a file in ONNX Runtime on random inputs of the shapes in `feeds` (values named in `zeros` are zero) and the
 * imported network on the frames that it says it reads. What differs at an output that the importer claims to be the
 * network's, or its states after the last frame; or null.
 * @throws Error when the file claims no output, or ONNX Runtime does not take it.
 */
export async function disagreement(
  bytes: Uint8Array,
  imported: Imported,
  feeds: Readonly<Record<string, readonly number[]>>,
  { seed = 3, zeros = [] as readonly string[], limit = LIMIT } = {},
): Promise<string | null> {
  const { frames, outputs = [] } = imported;
  if (frames === undefined) throw new Error('no frames');
  const claims = outputs.filter((output): output is Claim => output.is === 'outputs');
  if (claims.length === 0) throw new Error('no output is claimed');
  const random = new Random(seed);
  const inputs = Object.fromEntries(
    Object.entries(feeds).map(([name, dims]) => {
      const size = dims.reduce((a, b) => a * b, 1);
      const number = () => (zeros.includes(name) ? 0 : Math.fround(2 * random.unit() - 1));
      return [name, { dims, data: Float64Array.from({ length: size }, number) }] as const;
    }),
  );
  const asked = [frames.name, ...claims.map(({ name }) => name)].filter((name) => !(name in feeds));
  const runtime = await OnnxRuntime.load(withOutputs(bytes, asked));
  try {
    const theirs = await runtime.run(inputs);
    const read = inputs[frames.name] ?? (theirs.get(frames.name) as Numbers);
    // 0 times infinity is no number there, and skipped here
    if (!read.data.every(Number.isFinite)) throw new Error('what is in front gives no numbers');
    const lengths = lengthsOf(read, frames.axes);
    const x = indexed(read, frames.axes, lengths);
    const n = imported.model.layers[0]?.inputs as number;
    const states: number[] = [];
    const ours = Array.from({ length: lengths.batch }, (_, batch) => {
      const utterance = Array.from({ length: lengths.time }, (__, time) =>
        Array.from({ length: n }, (___, feature) => x({ time, batch, feature })),
      );
      const whole = runBothWays(imported.model, utterance);
      states.push(...whole.states);
      return whole.outputs.map((outputs) => Float64Array.from(outputs));
    });
    for (const { name } of outputs.filter(({ is }) => is === 'states')) {
      const { data } = theirs.get(name) as Numbers;
      const odd = data.find(
        (one) => !states.some((own) => Math.abs(own - one) < limit * Math.max(1, Math.abs(one))),
      );
      if (odd !== undefined) return `output ${name}: ${odd} is no state`;
    }
    for (const claim of claims) {
      const far = differs(ours, theirs.get(claim.name) as Numbers, claim, limit);
      if (far !== null) return `output ${claim.name}: ${far}`;
    }
    return null;
  } finally {
    await runtime.release();
  }
}

/** The file, with those values as outputs of its graph, too. */
function withOutputs(bytes: Uint8Array, names: readonly string[]): Uint8Array {
  const model = decodeOnnx(bytes, 'net.onnx');
  const own = model.graph?.output ?? [];
  const more = names.filter((name) => !own.some((output) => output.name === name));
  if (more.length === 0) return bytes;
  const output = [...own, ...more.map((name) => value(name))];
  return encodeModel({ ...model, graph: { ...model.graph, output } });
}

type Lengths = Readonly<Record<'time' | 'batch' | 'feature', number>>;
/** Directions of a layer on an axis of their own. */
const DIRECTIONS = 2;
type Axes = readonly (readonly string[])[];

/** Lengths of time, batch and feature, each of which has an axis of its own, or one of length one. */
function lengthsOf({ dims }: Pick<Numbers, 'dims'>, axes: Axes): Lengths {
  const known = axes.flatMap((parts, axis) => (parts.length === 1 ? [[parts[0], dims[axis]]] : []));
  return { time: 1, batch: 1, feature: 1, ...Object.fromEntries(known) };
}

/** The number at a frame, utterance and feature, on whatever axes they lie. */
function indexed({ data }: Pick<Numbers, 'data'>, axes: Axes, lengths: Lengths) {
  const strides = { time: 0, batch: 0, feature: 0, layer: 0 };
  const layer = axes.flat().includes('layer') ? DIRECTIONS : 1;
  const own = { ...lengths, layer, feature: lengths.feature / layer };
  let stride = 1;
  for (const part of axes.flat().reverse() as (keyof typeof own)[]) {
    strides[part] = stride;
    stride *= own[part];
  }
  return ({ time, batch, feature }: Lengths) => {
    const [of, at] = [Math.floor(feature / own.feature), feature % own.feature];
    const place = time * strides.time + batch * strides.batch + at * strides.feature;
    return data[place + of * strides.layer] as number;
  };
}

function differs(
  ours: readonly (readonly Float64Array[])[],
  theirs: Numbers,
  { axes, lastFrame, final }: Claim,
  limit: number,
): string | null {
  const [batch, time] = [ours.length, ours[0]?.length as number];
  const n = ours[0]?.[0]?.length as number;
  const whole = batch === 1 || axes.flat().includes('batch');
  const at = indexed(theirs, axes, { batch, time: lastFrame ? 1 : time, feature: n });
  const frames = lastFrame ? [time - 1] : Array.from({ length: time }, (_, t) => t);
  const utterances = Array.from({ length: batch }, (_, b) => b);
  const size = frames.length * n * (whole ? batch : 1);
  if (theirs.data.length !== size) return `${theirs.data.length} numbers for ${size}`;
  const worst = utterances.map((b) =>
    Math.max(
      ...frames.map((t) => {
        const own = finished(ours[b]?.[t] as Float64Array, final);
        const index = { time: lastFrame ? 0 : t, batch: whole ? b : 0 };
        return Math.max(
          ...Array.from(own, (one, feature) => {
            const other = at({ ...index, feature });
            const error = Math.abs(one - other) / Math.max(1, Math.abs(other));
            return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
          }),
        );
      }),
    ),
  );
  // the file may have picked any one of the batch
  const far = whole ? Math.max(...worst) : Math.min(...worst);
  return far <= limit ? null : `differs by ${far}`;
}

/** What the file makes of the sums of a frame. */
function finished(sums: Float64Array, final: string | null): Float64Array {
  if (final === null) return sums;
  if (final === 'Sigmoid') return sums.map((sum) => 1 / (1 + Math.exp(-sum)));
  const most = Math.max(...sums);
  const whole = sums.reduce((sum, one) => sum + Math.exp(one - most), 0);
  if (final === 'Softmax') return sums.map((one) => Math.exp(one - most) / whole);
  return sums.map((one) => one - most - Math.log(whole));
}
