import type { Configuration, Prediction } from '../accelerator/index.js';
import { inSlices } from '../base/steps.js';
import { randomFrames } from '../cosim/random-frames.js';
import { simFiles } from '../cosim/sim-files.js';
import { assembleDesign, type ModelSource, type Rtl } from '../design/assemble.js';
import type { Manifest } from '../design/manifest.js';
import { writeDesign } from '../design/write.js';
import { GoldenNetwork } from '../golden/network.js';
import { inputFormat } from '../network/frames.js';
import type { CommandResult } from './command.js';
import { estimateLines } from './estimate-text.js';

/** Frames and seed of the vectors that every design carries. */
const VECTORS = { frames: 6, seed: 1 } as const;

export interface DesignToWrite {
  readonly directory: string;
  readonly configuration: Configuration;
  readonly prediction?: Prediction;
  readonly source: ModelSource;
  readonly rtl: Rtl;
}

/** Writes a design with its simulation, and says what it is. */
export async function writeWholeDesign(design: DesignToWrite): Promise<CommandResult> {
  const { directory, configuration, prediction, source, rtl } = design;
  const { model } = source;
  const assembled = await inSlices(assembleDesign(configuration, source, rtl, prediction));
  const { inputs, bits } = inputFormat(model);
  const simulation = simFiles({
    name: configuration.name,
    ports: assembled.ports,
    latencyCycles: assembled.estimate.latencyCycles,
    frames: randomFrames({ ...VECTORS, inputs, bits }),
    reference: new GoldenNetwork(model),
  });
  const files = new Map([...assembled.files, ...simulation]);
  const manifest = JSON.parse(await writeDesign(directory, assembled.body, files)) as Manifest;
  const bytes = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return {
    ok: true,
    json: {
      design: manifest.name,
      directory,
      top: manifest.top,
      files: files.size,
      bytes,
      modelHash: manifest.model.sha256,
      configurationHash: manifest.configurationHash,
      designHash: manifest.designHash,
      estimate: assembled.estimate,
    },
    lines: [
      ...estimateLines(assembled.estimate),
      '',
      `${directory}: design ${manifest.name}, ${files.size} files, ${bytes} bytes`,
    ],
  };
}
