/** What `synth` prints. */
import { z } from 'zod';
import { FAMILIES } from '../../devices/registry.js';
import { count, envelope, hash } from './parts.js';

const singlePortRams = FAMILIES.flatMap(({ singlePortRam }) => singlePortRam ?? []).join(' or ');

const segment = z.strictObject({
  kind: z.string().describe('clk-to-q, logic, routing or setup; of a chip, the cell'),
  delayNs: z.number(),
  from: z.string().describe('cell and port'),
  to: z.string().describe('cell and port'),
  net: z.string().nullable().describe('null inside a cell; of a chip, what the cell drives'),
  sources: z.array(z.string()).describe('file:line.column in the Verilog of the design'),
});

export const criticalPath = z.strictObject({
  delayNs: z.number(),
  from: z.string().describe('cell and port'),
  to: z.string().describe('cell and port'),
  segments: z.array(segment),
});

const nanojoules = z.number().min(0);

const frameEnergy = z.strictObject({
  clockMHz: z.number().describe('that leakage was taken at: the clock asked for, else the highest'),
  cyclesPerFrame: z.number(),
  total: nanojoules.describe('nJ, as all but readPJ, writePJ and idlePJ'),
  cellActivity: z.number().describe('changes of a net of standard cells in a cycle: assumed'),
  blocks: z.array(
    z.strictObject({
      block: z.string().describe('instance below the core; u_core: what is in none'),
      macros: nanojoules.describe('of accesses and clock, as they were counted'),
      cells: nanojoules.describe('of standard cells, without the tree of the clock'),
      leakage: nanojoules,
    }),
  ),
  ports: z
    .array(
      z.strictObject({
        macro: z.string(),
        port: count,
        reads: z.number().min(0).describe('in a frame, of all macros of the kind'),
        writes: z.number().min(0),
        idle: z.number().min(0).describe('clock cycles with neither'),
        readPJ: z.number().describe('pJ of one, of the Liberty file at the smallest slew'),
        writePJ: z.number(),
        idlePJ: z.number(),
      }),
    )
    .describe('by kind of macro and port'),
  uncounted: z.array(z.string()).describe('macros and ROMs of unknown energy'),
});

export const synth = z.strictObject({
  ...envelope,
  design: z.string(),
  designHash: hash,
  directory: z.string(),
  build: z.string().describe('folder of the results: --build, or flow/build/TARGET of the design'),
  target: z.string(),
  device: z.string().nullable(),
  package: z.string().nullable(),
  tools: z.record(z.string(), z.string()).describe('versions by name'),
  fits: z.boolean(),
  shortages: z
    .array(z.strictObject({ resource: z.string(), needed: count, available: count }))
    .describe('what the device has too little of'),
  luts: count.nullable().describe('of the design alone; carry cells and distributed RAM included'),
  registers: count.nullable(),
  multipliers: count.nullable(),
  blockRams: z.number().min(0).nullable(),
  singlePortRams: count.nullable().describe(singlePortRams),
  memoryBits: count.describe('what the memories of the design hold'),
  available: z.strictObject({
    luts: count.nullable(),
    registers: count.nullable(),
    multipliers: count.nullable(),
    blockRams: count.nullable(),
  }),
  cells: z.record(z.string(), count).describe('of the mapped design, by type'),
  blocks: z.array(
    z.strictObject({
      block: z.string().describe('instance below the core; u_core: what is in none'),
      luts: count.nullable(),
      registers: count,
      multipliers: count.nullable(),
      blockRams: z.number().min(0).nullable(),
      cellArea: z.number().nullable(),
    }),
  ),
  macros: z
    .array(
      z.strictObject({
        macro: z.string(),
        kind: z.enum(['rom', 'ram']),
        words: count,
        bits: count,
        instances: z.array(z.string()).describe('paths below the top'),
        area: z.number().nullable().describe('of one, µm²; null where nothing says it'),
        assumed: z.boolean().describe('no --liberty has it: its times are assumed'),
      }),
    )
    .describe('memories left to macros of a chip; none on an FPGA'),
  fmaxMHz: z.number().nullable().describe('of the slowest path from register to register'),
  clockMHz: z.number().nullable().describe('the clock asked for'),
  seed: count.nullable(),
  cellArea: z.number().nullable().describe('of standard cells, µm²'),
  macroArea: z.number().nullable().describe('of the macros that have an area, µm²'),
  criticalPath: criticalPath.nullable(),
  corners: z
    .array(
      z.strictObject({
        corner: z.string(),
        library: z.string().describe('of its standard cells'),
        fmaxMHz: z.number().nullable(),
        criticalPath: criticalPath.nullable(),
      }),
    )
    .describe('further corners of a chip, as --corner names them'),
  energy: frameEnergy.nullable().describe('of a frame in the steady state, with --activity'),
  advice: z
    .strictObject({
      smallestDevice: z.string().nullable(),
      largestMacs: count.nullable(),
      largestMacsInTurn: count.nullable().describe('with a time-multiplexed lane'),
      cellCyclesInTurn: count.nullable().describe('generate --cell-cycles for that'),
    })
    .nullable()
    .describe('what should fit, where the design does not'),
  files: z.array(z.string()).describe('relative to the design; whole paths with --build'),
});
