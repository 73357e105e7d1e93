/** What `estimate`, `generate`, `images` and `cosim` print. */
import { z } from 'zod';
import { EMITS, ORDERS } from '../../accelerator/index.js';
import { NETLIST_TARGETS } from '../../cosim/netlist/netlist.js';
import { count, envelope, figures, hash, mismatch, saturations, share } from './parts.js';
import { resources } from './resources.js';

/** Figures in time; null without --clock-mhz. */
const time = {
  clockMHz: z.number().nullable(),
  secondsPerFrame: z.number().nullable(),
  latencySeconds: z.number().nullable(),
  framesPerSecond: z.number().nullable(),
  loadSeconds: z.number().nullable().describe('null where the model is in ROMs, too'),
};

export const estimate = z.looseObject({
  ...envelope,
  ...figures,
  ...time,
  resources: resources.nullable().describe('null without --target'),
});
/** A design that was written. */
export const written = z.strictObject({
  ...envelope,
  design: z.string(),
  directory: z.string(),
  top: z.string(),
  files: count,
  bytes: count,
  modelHash: hash,
  configurationHash: hash,
  designHash: hash,
  estimate: z.looseObject(figures),
  ...time,
  chip: z
    .strictObject({
      macros: z.array(
        z.strictObject({
          macro: z.string(),
          kind: z.enum(['rom', 'ram']),
          words: count,
          bits: count,
          listed: z.boolean().describe('a cell of the list; the others stand for ROMs'),
          area: z.number().nullable().describe('of one, µm²'),
          instances: z.array(z.string()).describe('paths below the top'),
        }),
      ),
      registers: z.array(
        z.strictObject({
          path: z.string(),
          words: count,
          bits: count,
          reason: z.string().nullable().describe('null: it is a part of a block'),
        }),
      ),
    })
    .optional()
    .describe('memories of a design with a list of macros'),
});

/** Of `images`: a design that was written anew, or with --bin the bytes of a load. */
export const images = z.union([
  written,
  z.strictObject({
    ...envelope,
    file: z.string().describe('the bytes that load the model'),
    bytes: count,
    place: count.describe('resident place that they load'),
  }),
]);

/** Of `cosim --inject`. */
export const injection = z.strictObject({
  ...envelope,
  design: z.string(),
  injected: z.strictObject({
    seed: count,
    file: z.string(),
    line: count,
    kind: z.string(),
    from: z.string(),
    to: z.string(),
    found: z.string().nullable().describe('the first difference; null where there is none'),
  }),
});

const reachedOf = z.strictObject({ covered: count, points: count });
const reached = {
  line: reachedOf.describe('lines or blocks of statements'),
  branch: reachedOf.describe('ways of branches'),
  toggle: reachedOf.describe('bits that rise, and bits that fall'),
};

export const cosim = z.strictObject({
  ...envelope,
  design: z.string(),
  netlist: z
    .enum(NETLIST_TARGETS)
    .nullable()
    .describe('target of the netlist that was simulated; null: the RTL'),
  netlistFile: z.string().nullable(),
  simulator: z.string(),
  synthesizer: z.string().nullable().describe('what made the netlist'),
  seed: count,
  stall: share.nullable().describe('as given; null where --gap or --pause were'),
  gap: share.describe('probability of a gap before an input beat'),
  pause: share.describe('probability of back-pressure in a cycle'),
  frames: count,
  utterances: count,
  warmupFrames: count,
  compared: z
    .strictObject({ sums: count, h: count, c: count, outputs: count })
    .describe('values; of a netlist only outputs, the others are 0'),
  comparedValues: count,
  mismatches: count,
  firstMismatch: mismatch.nullable(),
  cyclesPerFrame: z.number().nullable().describe('measured; null under --stall'),
  predictedCyclesPerFrame: z.number().positive(),
  frameCycles: z
    .array(z.number())
    .nullable()
    .describe(
      'from the end of one output frame to that of the next, the first one from the last beat of the first input frame; null with one stream in the order of frames, whose frames are alike, and under --stall',
    ),
  predictedFrameCycles: z.array(z.number()).nullable(),
  latencyCycles: z.number().nullable(),
  predictedLatencyCycles: count,
  emit: z.enum(EMITS).describe('of which frames the outputs leave, and are compared'),
  order: z.enum(ORDERS),
  maxFrames: count.nullable(),
  streams: count,
  silentCycles: count
    .nullable()
    .describe('measured, of a frame without outputs; null under --stall, and with emit every'),
  predictedSilentCycles: count.nullable(),
  idealCyclesPerFrame: z.number(),
  macUtilization: z.number().nullable(),
  saturations,
  complaints: z.array(z.string()),
  protocol: z
    .strictObject({ resets: count, wrongFrames: count, complaints: z.array(z.string()) })
    .nullable()
    .describe('null with --no-protocol, and when the passes before it had found something'),
  coverage: z
    .strictObject({
      ...reached,
      modules: z.array(z.strictObject({ module: z.string(), ...reached })),
    })
    .nullable()
    .describe('null without --coverage'),
  waveform: z.string().nullable(),
  buildSeconds: z.number(),
  simSeconds: z.number(),
  framesPerSecond: z.number(),
  simCycles: count,
  cyclesPerSecond: z.number(),
  accuracy: share.nullable(),
  goldenAccuracy: share.nullable(),
  outputFractionBits: z.int(),
  modelHash: hash,
  designHash: hash,
});
