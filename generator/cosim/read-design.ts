import { z } from 'zod';
import { emitOf } from '../accelerator/index.js';
import { UserError } from '../base/errors.js';
import { type Design, designConfiguration } from '../design/read/read.js';
import { CELL_KINDS } from '../network/cells/registry.js';
import type { Model } from '../network/model.js';
import { programOf } from '../network/program.js';
import { backToBack, heldBy } from './back-to-back.js';
import { registersSchema } from './build/held-by.js';
import type { CosimDesign } from './design.js';
import { frameBuffers } from './driver/buffers.js';
import { checkTrace } from './read-trace.js';
import { OUTPUTS } from './scoreboard/mismatch.js';
import { tensorsOf, traceSchema } from './trace.js';

const count = z.number().int().positive();

/** What co-simulation reads from the free-form records of design.json. */
const recordsSchema = z.object({
  ports: z.looseObject({
    streamLanes: count,
    xBytes: count,
    outBytes: count,
  }),
  trace: traceSchema,
  parameters: z.looseObject({
    cells: z.array(z.enum(CELL_KINDS)).min(1).readonly(),
    cellLanes: count,
    cellCycles: count,
    slices: count,
    outputLayer: z.boolean(),
    sumBits: count,
    emit: z.literal('last').optional(),
    order: z.literal('sequence').optional(),
    maxFrames: count.optional(),
    streams: count.optional(),
  }),
  registers: registersSchema,
  estimate: z.looseObject({
    cyclesPerFrame: z.number().positive(),
    latencyCycles: z.number().positive(),
    silentCycles: z.number().positive().nullable().default(null),
    idealCyclesPerFrame: z.number().positive(),
    macs: count,
    layers: z.array(
      z.looseObject({
        columns: z.array(count).min(1),
        rowGroupSets: count,
        ahead: z.number().int().nonnegative(),
        gatesInTurn: count,
        readsInput: z.boolean(),
      }),
    ),
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
  if (!records.success) throw lacking(directory, records.error.issues[0]?.path.join('.'));
  const { ports, trace, parameters, registers, estimate } = records.data;
  const whole = parameters.order === 'sequence';
  if (whole !== (parameters.maxFrames !== undefined)) {
    throw lacking(directory, 'parameters.maxFrames');
  }
  if ((parameters.emit === 'last' && !whole) !== (estimate.silentCycles !== null)) {
    throw lacking(directory, 'estimate.silentCycles');
  }
  checkTrace(directory, trace, model, parameters);
  const shown = trace.layers.flatMap(({ names }) => Object.values(names));
  for (const name of [...tensorsOf(trace).map((tensor) => tensor.name), ...shown, OUTPUTS]) {
    if (registers[name] === undefined) throw lacking(directory, `registers.${name}`);
  }
  const c = designConfiguration(manifest);
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
    trace,
    registers,
    inputs: programOf(model).input.length,
    outputs: programOf(model).output.length,
    buffers: frameBuffers(estimate.layers),
    macs: estimate.macs,
    order: parameters.order ?? 'frames',
    maxFrames: parameters.maxFrames ?? null,
    streams: parameters.streams ?? 1,
    emit: emitOf(parameters.emit === undefined ? {} : { emit: parameters.emit }),
    predicted: {
      ...estimate,
      backToBack: backToBack(c, model),
      ...heldBy(c, model),
    },
    idealCyclesPerFrame: estimate.idealCyclesPerFrame,
    modelHash: manifest.model.sha256,
    designHash: manifest.designHash,
  };
}

function lacking(directory: string, field: string | undefined): UserError {
  return new UserError({
    code: 'DESIGN_RECORDS',
    message: `${directory}/design.json lacks what co-simulation needs: ${field}`,
    file: directory,
    field,
  });
}
