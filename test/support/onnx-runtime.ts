import * as ort from 'onnxruntime-web';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'fatal';

export interface Numbers {
  readonly dims: readonly number[];
  readonly data: Float64Array;
}

/** Values of an output that are read at most. */
const MOST_VALUES = 2 ** 22;

/** A network in ONNX Runtime, without optimisations: it computes what the file says. */
export class OnnxRuntime {
  private constructor(private readonly session: ort.InferenceSession) {}

  /** @throws Error when ONNX Runtime does not take the file. */
  static async load(bytes: Uint8Array): Promise<OnnxRuntime> {
    const options = { graphOptimizationLevel: 'disabled', logSeverityLevel: 4 } as const;
    return new OnnxRuntime(await ort.InferenceSession.create(bytes, options));
  }

  get inputs(): readonly ort.InferenceSession.ValueMetadata[] {
    return this.session.inputMetadata;
  }

  /**
   * Outputs by name; inputs are float32 unless `type` says otherwise.
   * @throws Error where an output has more values than anything compared here.
   */
  async run(
    feeds: Readonly<Record<string, { dims: readonly number[]; data: Iterable<number> }>>,
    type: 'float32' | 'float64' = 'float32',
  ): Promise<ReadonlyMap<string, Numbers>> {
    const tensors = Object.entries(feeds).map(([name, { dims, data }]) => {
      const numbers = type === 'float32' ? Float32Array.from(data) : Float64Array.from(data);
      return [name, new ort.Tensor(type, numbers as Float32Array, dims)] as const;
    });
    const outputs = await this.session.run(Object.fromEntries(tensors));
    return new Map(
      Object.entries(outputs).map(([name, { dims, data }]) => {
        const values = data as Float32Array;
        // a file of a few lines can ask for gigabytes: what nobody compares is not taken apart
        if (values.length > MOST_VALUES) throw new Error(`output of ${values.length} values`);
        return [name, { dims, data: Float64Array.from(values, Number) }];
      }),
    );
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}
