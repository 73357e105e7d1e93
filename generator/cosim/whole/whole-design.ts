import type { Hardware, HardwareEstimate, HardwarePrediction } from '../../accelerator/index.js';
import { inSlices } from '../../base/steps.js';
import type { ManifestBody } from '../../design/manifest/manifest.js';
import { assembleDesign, type ModelSource, type Rtl } from '../../design/write/assemble.js';
import { GoldenNetwork } from '../../golden/network.js';
import { inputFormat } from '../../network/frames.js';
import { simFiles } from '../build/sim-files.js';
import { randomFrames } from '../driver/random-frames.js';

/** Frames and seed of the vectors that every design carries. */
const VECTORS = { frames: 6, seed: 1 } as const;

/** What a design is made from. */
export interface DesignParts {
  readonly configuration: Hardware;
  readonly prediction?: HardwarePrediction;
  readonly source: ModelSource;
  readonly rtl: Rtl;
}

/** A design with its simulation: every file but design.json, and what that says. */
export interface WholeDesign {
  readonly body: ManifestBody;
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  readonly estimate: HardwareEstimate;
}

/** The load port of a design. */
function loadPort({ load }: HardwareEstimate) {
  return {
    loadBytes: load === undefined ? null : load.beatBits / 8,
    places: load?.residents ?? 1,
  };
}

/** Puts a design together; the same parts give the same bytes. */
export async function wholeDesign(parts: DesignParts): Promise<WholeDesign> {
  const { configuration, prediction, source, rtl } = parts;
  const assembled = await inSlices(assembleDesign(configuration, source, rtl, prediction));
  const { inputs, bits } = inputFormat(source.model);
  const simulation = simFiles({
    name: configuration.name,
    ports: assembled.ports,
    latencyCycles: assembled.estimate.latencyCycles,
    emit: assembled.estimate.emit,
    order: assembled.estimate.order,
    streams: assembled.estimate.streams,
    ...loadPort(assembled.estimate),
    protect: assembled.estimate.protection !== undefined,
    frames: randomFrames({
      ...VECTORS,
      inputs,
      bits,
      most: assembled.estimate.maxFrames ?? undefined,
    }),
    reference: new GoldenNetwork(source.model),
  });
  const files = new Map([...assembled.files, ...simulation]);
  return { body: assembled.body, files, estimate: assembled.estimate };
}
