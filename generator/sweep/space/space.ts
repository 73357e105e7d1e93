import { z } from 'zod';
import { type DesignConfig, designConfigSchema } from '../../design/manifest/config.js';
import { type Axis, axis } from './axis.js';
import {
  type CompressAxes,
  compressSchema,
  importSchema,
  type RandomAxes,
  randomSchema,
  type SpaceImport,
} from './network-axes.js';

/** Stages in their order: each is for the points that passed the one before. */
export const STAGE_NAMES = ['estimate', 'accuracy', 'generate', 'cosim', 'synth'] as const;
export type StageName = (typeof STAGE_NAMES)[number];

/** Networks of a space: a file, or networks that are drawn. */
export interface SpaceNetwork {
  /** In tables; the name of the file, or `random`, if absent. */
  readonly name?: string | undefined;
  /** A compressed model, or a trained network in any format that `hcgs compress` takes; relative to the file of the space. */
  readonly file?: string | undefined;
  readonly random?: RandomAxes | undefined;
  /** Of a trained network. */
  readonly compress?: CompressAxes | undefined;
  readonly import?: SpaceImport | undefined;
  /** Frames of the stage `accuracy`; those of the calibration if absent. */
  readonly frames?: string | undefined;
  /** Class of each utterance of them. */
  readonly labels?: string | undefined;
}

/** The design options that a space can vary. */
type DesignAxes = {
  readonly [K in keyof Omit<DesignConfig, 'fit' | 'name' | 'macros'>]:
    | Axis<NonNullable<DesignConfig[K]>>
    | undefined;
};

/** What a figure may be at least and at most; a point beyond is excluded. */
export interface Limit {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** What `hcgs sweep` tries: the default export of a `.ts` file, or a JSON file. */
export interface SweepSpace {
  readonly networks: readonly SpaceNetwork[];
  readonly design?: DesignAxes | undefined;
  /** The target of the stage `synth`, and of the resources that `estimate` predicts. */
  readonly synth?:
    | {
        readonly target?: Axis<string> | undefined;
        readonly device?: Axis<string> | undefined;
        readonly clockMHz?: Axis<number> | undefined;
        readonly seed?: Axis<number> | undefined;
        /** Netlist and counts, no place and route. */
        readonly synthesisOnly?: boolean | undefined;
      }
    | undefined;
  /** Random frames of the stage `cosim`, and their seed. */
  readonly cosim?:
    | { readonly random?: number | undefined; readonly seed?: number | undefined }
    | undefined;
  /** Every point (default), so many drawn at random, or a Latin hypercube of so many. */
  readonly sample?:
    | { readonly kind: 'grid' }
    | {
        readonly kind: 'random' | 'latin';
        readonly points: number;
        readonly seed?: number | undefined;
      }
    | undefined;
  /** In their order; `estimate` if absent. */
  readonly stages?: readonly StageName[] | undefined;
  /** By figure, e.g. `cyclesPerFrame`. */
  readonly limits?: Readonly<Record<string, Limit>> | undefined;
  readonly objectives?: Readonly<Record<string, 'min' | 'max'>> | undefined;
  /** Keeps the design directories of points that passed `generate`, in `designs/`. */
  readonly keepDesigns?: boolean | undefined;
}

const { fit: _fit, name: _name, macros: _macros, ...designFields } = designConfigSchema.shape;

const designSchema = z.strictObject(
  Object.fromEntries(
    Object.entries(designFields).map(([key, field]) => [
      key,
      axis((field as z.ZodOptional<z.ZodType>).unwrap()).optional(),
    ]),
  ),
);

const networkSchema = z
  .strictObject({
    name: z.string().min(1).optional(),
    file: z.string().min(1).optional(),
    random: randomSchema.optional(),
    compress: compressSchema.optional(),
    import: importSchema.optional(),
    frames: z.string().min(1).optional(),
    labels: z.string().min(1).optional(),
  })
  .refine(
    ({ file, random }) => (file === undefined) !== (random === undefined),
    'expected a file or random, one of them',
  )
  .refine(
    ({ random, compress, import: said }) =>
      random === undefined || (compress === undefined && said === undefined),
    'expected no compress and no import beside random',
  )
  .refine(
    ({ frames, labels, compress }) =>
      labels === undefined || frames !== undefined || compress?.calibrate !== undefined,
    'expected frames beside labels',
  )
  .refine(
    ({ compress }) =>
      compress === undefined ||
      (compress.calibrate === undefined) !== (compress.noise === undefined),
    'expected calibrate or noise in compress, one of them',
  )
  .refine(
    ({ compress }) =>
      compress === undefined ||
      compress.select !== undefined ||
      [compress.pattern, compress.mask, compress.seed].every((given) => given === undefined),
    'expected select beside pattern, mask and seed in compress',
  );

const limitSchema = z.strictObject({ min: z.number().optional(), max: z.number().optional() });

export const spaceSchema = z.strictObject({
  networks: z.array(networkSchema).min(1),
  design: designSchema.optional(),
  synth: z
    .strictObject({
      target: axis(z.string().min(1)).optional(),
      device: axis(z.string().min(1)).optional(),
      clockMHz: axis(z.number().positive()).optional(),
      seed: axis(z.int().min(0)).optional(),
      synthesisOnly: z.boolean().optional(),
    })
    .optional(),
  cosim: z
    .strictObject({ random: z.int().min(1).optional(), seed: z.int().min(0).optional() })
    .optional(),
  sample: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('grid') }),
      z.strictObject({
        kind: z.enum(['random', 'latin']),
        points: z.int().min(1),
        seed: z.int().min(0).optional(),
      }),
    ])
    .optional(),
  stages: z
    .array(z.enum(STAGE_NAMES))
    .min(1)
    .refine((stages) => new Set(stages).size === stages.length, 'expected each stage once')
    .optional(),
  limits: z.record(z.string(), limitSchema).optional(),
  objectives: z.record(z.string(), z.enum(['min', 'max'])).optional(),
  keepDesigns: z.boolean().optional(),
});

/** A space whose settings are lists. */
export type CheckedSpace = z.output<typeof spaceSchema>;
export type CheckedNetwork = CheckedSpace['networks'][number];
