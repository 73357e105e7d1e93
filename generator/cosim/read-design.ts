import { z } from 'zod';
import { UserError } from '../base/errors.js';
import type { Design } from '../design/read/read.js';
import type { Model } from '../network/model.js';
import { layersOf, programOf } from '../network/program.js';
import { registersSchema } from './build/held-by.js';
import type { CosimDesign } from './design.js';
import { frameBuffers } from './driver/buffers.js';

const count = z.number().int().positive();

/** What co-simulation reads from the free-form records of design.json. */
const recordsSchema = z.object({
  ports: z.looseObject({
    streamLanes: count,
    xBytes: count,
    outBytes: count,
    cellLanes: count,
    sumBits: count,
    cellBits: count,
    activationBits: count,
  }),
  registers: registersSchema,
  estimate: z.looseObject({
    cyclesPerFrame: z.number().positive(),
    latencyCycles: z.number().positive(),
    idealCyclesPerFrame: z.number().positive(),
    macs: count,
    layers: z.array(z.looseObject({ rowGroupSets: count, ahead: z.number().int().nonnegative() })),
  }),
});

/** A design directory with the model in it, ready for co-simulation. */
export interface ReadyDesign extends CosimDesign {
  readonly idealCyclesPerFrame: number;
  readonly modelHash: string;
  readonly designHash: string;
}

/** Takes from a design directory what co-simulation needs. @throws UserError DESIGN_RECORDS */
export function cosimDesign({ directory, manifest, files }: Design, model: Model): ReadyDesign {
  const records = recordsSchema.safeParse(manifest);
  if (!records.success) {
    const issue = records.error.issues[0];
    throw new UserError({
      code: 'DESIGN_RECORDS',
      message: `${directory}/design.json lacks what co-simulation needs: ${issue?.path.join('.')}`,
      file: directory,
      field: issue?.path.join('.'),
    });
  }
  const { ports, registers, estimate } = records.data;
  const decoder = new TextDecoder();
  const verilog = [...files].flatMap(([path, bytes]) => {
    const name = /^rtl\/([^/]+\.v)$/.exec(path)?.[1];
    return name === undefined ? [] : [[name, decoder.decode(bytes)] as const];
  });
  return {
    name: manifest.name,
    directory,
    core: manifest.core,
    verilog: new Map(verilog),
    ports,
    registers,
    inputs: programOf(model).input.length,
    cells: layersOf(programOf(model)).map(({ rows }) => rows),
    outputs: programOf(model).output.length,
    buffers: frameBuffers(estimate.layers),
    macs: estimate.macs,
    predicted: estimate,
    idealCyclesPerFrame: estimate.idealCyclesPerFrame,
    modelHash: manifest.model.sha256,
    designHash: manifest.designHash,
  };
}
