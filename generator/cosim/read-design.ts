import { z } from 'zod';
import { isOfVerilog } from '../accelerator/index.js';
import { UserError } from '../base/errors.js';
import { designCuts } from '../design/read/cuts.js';
import { type Design, designHardware } from '../design/read/read.js';
import { CELL_KINDS } from '../network/cells/registry.js';
import type { Model } from '../network/model.js';
import { programOf } from '../network/program.js';
import { backToBack, heldBy } from './back-to-back.js';
import { registersSchema } from './build/held-by.js';
import type { CosimDesign } from './design.js';
import { chainBuffers } from './driver/buffers.js';
import { modelLoad } from './model-load.js';
import { checkTrace } from './read-trace.js';
import { OUTPUTS } from './scoreboard/mismatch.js';
import { tensorsOf, traceSchema } from './trace.js';

const count = z.number().int().positive();

/** Of the parameters of an engine. */
const engineSchema = z.looseObject({
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
});

type EngineParameters = z.infer<typeof engineSchema>;

/** Of those of a chain, which takes the frames of one stream in order. */
const chainedSchema = engineSchema.extend({
  order: z.never().optional(),
  maxFrames: z.never().optional(),
  streams: z.never().optional(),
});

/** Of the figures of an engine. */
const layersSchema = {
  layers: z.array(
    z.looseObject({
      columns: z.array(count).min(1),
      rowGroupSets: count,
      ahead: z.number().int().nonnegative(),
      gatesInTurn: count,
      readsInput: z.boolean(),
    }),
  ),
};

/** What co-simulation reads from the free-form records of design.json. */
const recordsSchema = z.object({
  ports: z.looseObject({
    streamLanes: count,
    xBytes: count,
    outBytes: count,
  }),
  trace: traceSchema,
  parameters: z.union([
    z
      .looseObject({ engines: z.array(chainedSchema).min(2) })
      .transform(({ engines }) => engines as readonly EngineParameters[]),
    engineSchema.transform((engine): readonly EngineParameters[] => [engine]),
  ]),
  registers: registersSchema,
  estimate: z.looseObject({
    cyclesPerFrame: z.number().positive(),
    latencyCycles: z.number().positive(),
    silentCycles: z.number().positive().nullable().default(null),
    idealCyclesPerFrame: z.number().positive(),
    macs: count,
    ...layersSchema,
    engines: z.array(z.looseObject(layersSchema)).optional(),
  }),
});

/** A design directory with the model in it, ready for co-simulation. */
export interface ReadyDesign extends CosimDesign {
  readonly idealCyclesPerFrame: number;
  readonly modelHash: string;
  readonly designHash: string;
}

/** Takes from a design directory what co-simulation needs. @throws UserError DESIGN_RECORDS */
export function cosimDesign(design: Design, model: Model): ReadyDesign {
  const { directory, manifest, files } = design;
  const records = recordsSchema.safeParse(manifest);
  if (!records.success) throw lacking(directory, records.error.issues[0]?.path.join('.'));
  const { ports, trace, parameters: engines, registers, estimate } = records.data;
  const { emit, order, maxFrames, streams } = engines.at(-1) as EngineParameters;
  const whole = order === 'sequence';
  if (whole !== (maxFrames !== undefined)) throw lacking(directory, 'parameters.maxFrames');
  if ((emit === 'last' && !whole) !== (estimate.silentCycles !== null)) {
    throw lacking(directory, 'estimate.silentCycles');
  }
  const cuts = designCuts(design, model);
  checkTrace(directory, trace, model, engines, cuts);
  const shown = trace.layers.flatMap(({ names }) => Object.values(names));
  for (const name of [...tensorsOf(trace).map((tensor) => tensor.name), ...shown, OUTPUTS]) {
    if (registers[name] === undefined) throw lacking(directory, `registers.${name}`);
  }
  const hardware = designHardware(manifest);
  const decoder = new TextDecoder();
  const texts = new Map(
    [...files].flatMap(([path, bytes]) =>
      path.endsWith('.mem') ? [[path, decoder.decode(bytes)] as const] : [],
    ),
  );
  const verilog = [...files].flatMap(([path, bytes]) => {
    const name = isOfVerilog(path) ? /[^/]+\.v$/.exec(path)?.[0] : undefined;
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
    buffers: chainBuffers((estimate.engines ?? [estimate]).map(({ layers }) => layers)),
    ...modelLoad(hardware, texts),
    engines: engines.length,
    macs: estimate.macs,
    order: order ?? 'frames',
    maxFrames: maxFrames ?? null,
    streams: streams ?? 1,
    emit: emit ?? 'every',
    predicted: {
      ...estimate,
      backToBack: backToBack(hardware, model, cuts),
      ...heldBy(hardware, model),
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
