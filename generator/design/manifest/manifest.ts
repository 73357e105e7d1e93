import { z } from 'zod';
import { toolVersion } from '../../base/package.js';
import { sha256 } from '../write/hash.js';
import { coreName, isDesignName } from './name.js';

/** Version of design.json. A design of another version is refused, not guessed at. */
export const MANIFEST_SCHEMA = 6;
export const MANIFEST_FILE = 'design.json';
export const MODEL_FILE = 'model.safetensors';
/** The list of macros that a design was made with. */
export const MACROS_FILE = 'flow/macros.json';

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'a sha256 in hex');
/** A file inside the design: relative, never upward, never hidden, of characters that mean nothing to any tool. */
const path = z
  .string()
  .max(255)
  .regex(/^(?:\w[\w.-]*\/)*\w[\w.-]*$/, 'a path inside the design');
const identifier = z.string().refine(isDesignName, 'a Verilog identifier that is no keyword');
const record = z.record(z.string(), z.json());

/** What any version of design.json has: enough to tell that a directory is ours and unedited. */
export const ownershipSchema = z.looseObject({
  generator: z.literal('hcgs'),
  schemaVersion: z.number(),
  toolVersion: z.string(),
  files: z.record(path, hash),
  designHash: hash,
});

const fields = z.strictObject({
  schemaVersion: z.literal(MANIFEST_SCHEMA),
  generator: z.literal('hcgs'),
  toolVersion: z.string(),
  name: identifier,
  /** Module that a user instantiates, and the one below it that also has the trace port. */
  top: identifier,
  core: z.string(),
  model: z.strictObject({ file: z.literal(MODEL_FILE), sha256: hash }),
  /** sha256 of `parameters` as JSON. */
  configurationHash: hash,
  /** Every number that the emitted Verilog depends on. */
  parameters: record,
  /** Widths of the streams. */
  ports: record,
  /** What the trace port shows: tensors by name, with widths and channels, and the layers that they are of. */
  trace: record,
  /** Maxima that a model must keep to run on the same Verilog. */
  shape: record,
  /** One record per layer of the network on the design. */
  layers: z.array(record),
  /** One record per memory: width, depth, image file. */
  memories: z.array(record),
  /** Exact cycles, ROM and RAM bits, multipliers: what `hcgs estimate` prints. */
  estimate: record,
  /** The TypeScript lines behind every signal of every module, and its path in a waveform. */
  signals: record,
  /** The registers behind each tensor of the trace, and behind the outputs. */
  registers: record,
  /** sha256 of every file of the design but this one. */
  files: z.record(path, hash),
  /** sha256 of this file without this line: a design edited by hand is not taken for what it was. */
  designHash: hash,
});

/** The schema of design.json: names are identifiers, and those of the modules follow from that of the design. */
export const manifestSchema = fields.refine(
  ({ name, top, core }) => top === name && core === coreName(name),
  { path: ['top'], error: 'the name of the design, and core the same with _core' },
);

export type Manifest = Readonly<z.infer<typeof manifestSchema>>;

/** What leads from the Verilog of a design back to its source. */
export type ManifestSignals = Pick<Manifest, 'signals' | 'registers'>;

/** The fields that follow from the design itself; the others are filled in here. */
export type ManifestBody = Pick<
  Manifest,
  | 'name'
  | 'top'
  | 'core'
  | 'parameters'
  | 'ports'
  | 'trace'
  | 'shape'
  | 'layers'
  | 'memories'
  | 'estimate'
  | keyof ManifestSignals
>;

/** The manifest of a design whose other files are given, as the text of design.json. */
export function manifestText(
  body: ManifestBody,
  files: ReadonlyMap<string, string | Uint8Array>,
): string {
  const { name, top, core, parameters, ...rest } = body;
  const hashes = Object.fromEntries(
    [...files.keys()].sort().map((file) => [file, sha256(files.get(file) as string | Uint8Array)]),
  );
  const content = {
    schemaVersion: MANIFEST_SCHEMA,
    generator: 'hcgs',
    toolVersion,
    name,
    top,
    core,
    model: { file: MODEL_FILE, sha256: hashes[MODEL_FILE] },
    configurationHash: sha256(JSON.stringify(parameters)),
    parameters,
    ...rest,
    files: hashes,
  };
  return `${JSON.stringify({ ...content, designHash: contentHash(content) }, null, 2)}\n`;
}

/** Hash of a parsed manifest without its own `designHash`. Key order counts. */
export function contentHash(manifest: Readonly<Record<string, unknown>>): string {
  const { designHash: _, ...content } = manifest;
  return sha256(JSON.stringify(content));
}
