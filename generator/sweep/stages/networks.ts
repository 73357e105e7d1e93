import { basename } from 'node:path';
import { readerBeside } from '../../base/beside.js';
import { unexpected } from '../../base/errors.js';
import { inSlices } from '../../base/steps.js';
import { noiseFrames } from '../../network/compress/noise.js';
import { type Prepared, prepareSteps } from '../../network/compress/prepare.js';
import { quantiseSteps } from '../../network/compress/quantise-network.js';
import { modelBytes, parseModel } from '../../network/compressed-model.js';
import { inputsOf } from '../../network/float/model.js';
import type { RealFrames } from '../../network/float/run.js';
import { importNetwork } from '../../network/import/import.js';
import type { Model } from '../../network/model.js';
import { randomModelSteps } from '../../network/random.js';
import { selectSteps } from '../../network/select/select.js';
import { unchangedBytes } from '../space/files.js';
import { hashOf, type Point, type PointCompression, type PointNetwork } from '../space/point.js';
import { readUnchangedFrames } from './frames.js';
import { Latest } from './latest.js';

/** The model of a point. */
export interface MadeNetwork {
  readonly model: Model;
  /** Its file. */
  readonly bytes: Uint8Array;
  /** The trained network that it was compressed from, with its calibration; null: there is none. */
  readonly prepared: Prepared | null;
}

type TrainedFile = Extract<PointNetwork, { readonly kind: 'file' }>;

/** Makes the networks of points, each once for the points that share it, and what word lengths do not change once for all. */
export class Networks {
  readonly #made = new Latest<MadeNetwork>(2);
  readonly #prepared = new Latest<Prepared>(2);

  /** @throws UserError of the network: what cannot be drawn, read or compressed */
  of({ networkId, network }: Point): Promise<MadeNetwork> {
    return this.#made.get(networkId, () => this.#make(network));
  }

  async #make(network: PointNetwork): Promise<MadeNetwork> {
    if (network.kind === 'random') {
      const model = await inSlices(randomModelSteps(network.options));
      return { model, bytes: modelBytes(model), prepared: null };
    }
    const { file, compression } = network;
    if (compression === null) {
      const bytes = await unchangedBytes(file);
      return { model: parseModel(bytes, file.path), bytes, prepared: null };
    }
    const { words, tableBits, ...preparation } = compression;
    const key = hashOf({ file, said: network.said, preparation });
    const prepared = await this.#prepared.get(key, () => prepare(network, compression));
    const { model } = await inSlices(
      quantiseSteps(prepared, {
        words,
        ...(tableBits !== null && { tableBits }),
        provenance: { source: basename(file.path), sourceSha256: file.sha256 },
        file: file.path,
      }),
    );
    return { model, bytes: modelBytes(model), prepared };
  }
}

/** The parts of a trained network that no word length changes. */
async function prepare(
  { file, said }: TrainedFile,
  { calibrate, noise, selection, fill, dense }: PointCompression,
): Promise<Prepared> {
  const bytes = await unchangedBytes(file);
  const beside = readerBeside(file.path);
  const imported = importNetwork(bytes, file.path, { ...said, beside });
  const inputs = inputsOf(imported.model);
  const frames: RealFrames =
    calibrate === null
      ? noiseFrames(inputs, noise as number)
      : await calibrationFrames(calibrate, inputs);
  const chosen =
    selection === null ? imported.model : await inSlices(selectSteps(imported.model, selection));
  return inSlices(prepareSteps(chosen, { fill, dense, frames, file: file.path }));
}

async function calibrationFrames(
  file: NonNullable<PointCompression['calibrate']>,
  inputs: number,
): Promise<RealFrames> {
  const frames = await readUnchangedFrames(file, inputs);
  if (frames.type.startsWith('float')) return frames;
  const expected = 'float16, float32 or float64 frames';
  throw unexpected({
    ...{ code: 'CALIBRATION_TYPE', file: file.path, field: 'descr' },
    expected,
    got: frames.type,
  });
}
