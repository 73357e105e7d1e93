import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../../generator/base/package.js';

const FOLDER = join(packageRoot, 'scripts/benchmarks/onnxruntime');

interface Tensor {
  readonly data: Float32Array;
}

/** The part of onnxruntime-node that a measurement needs. */
interface OnnxRuntime {
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => Tensor;
  readonly InferenceSession: {
    create(
      model: Uint8Array,
      options: Readonly<Record<string, number | string>>,
    ): Promise<{ run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>> }>;
  };
}

/** onnxruntime-node, installed on first use. Null where that is not possible. */
async function onnxRuntime(): Promise<OnnxRuntime | null> {
  if (!existsSync(join(FOLDER, 'node_modules/onnxruntime-node'))) {
    console.error('bench: installing onnxruntime-node');
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const { exitCode } = await execa('npm', args, { cwd: FOLDER, reject: false, stdio: 'ignore' });
    if (exitCode !== 0) return null;
  }
  return createRequire(join(FOLDER, 'package.json'))('onnxruntime-node') as OnnxRuntime;
}

/** A network of `denseLstm` in onnxruntime, on one thread. */
export interface DenseNetwork {
  /** Every frame in a run of its own, the states carried from run to run, as a stream needs it. */
  frameByFrame(frames: readonly Float32Array[]): Promise<void>;
  /** All frames in one run, from zero states. */
  sequence(frames: readonly Float32Array[]): Promise<void>;
}

/** Null where onnxruntime-node cannot be installed. */
export async function denseNetwork(
  model: Uint8Array,
  layers: number,
  size: number,
): Promise<DenseNetwork | null> {
  const runtime = await onnxRuntime();
  if (runtime === null) return null;
  const { Tensor, InferenceSession } = runtime;
  const session = await InferenceSession.create(model, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
  });
  const names = [...Array(layers).keys()].flatMap((l) => [`h${l}`, `c${l}`]);
  const zero = () =>
    Object.fromEntries(
      names.map((name) => [name, new Tensor('float32', new Float32Array(size), [1, 1, size])]),
    );
  return {
    async frameByFrame(frames) {
      let states = zero();
      for (const frame of frames) {
        const x0 = new Tensor('float32', frame, [1, 1, size]);
        const result = await session.run({ x0, ...states });
        // h0 comes out as hn0
        states = Object.fromEntries(
          names.map((name) => [name, result[`${name[0]}n${name.slice(1)}`] as Tensor]),
        );
      }
    },
    async sequence(frames) {
      const all = new Float32Array(frames.length * size);
      frames.forEach((frame, t) => {
        all.set(frame, t * size);
      });
      await session.run({ x0: new Tensor('float32', all, [frames.length, 1, size]), ...zero() });
    },
  };
}
