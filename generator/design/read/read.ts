import { basename, join } from 'node:path';
import type { z } from 'zod';
import type { Hardware, HardwareEstimate } from '../../accelerator/index.js';
import { UserError } from '../../base/errors.js';
import { readInside } from '../../base/inside.js';
import { toolVersion } from '../../base/package.js';
import {
  contentHash,
  MANIFEST_FILE,
  MANIFEST_SCHEMA,
  type Manifest,
  MODEL_FILE,
  manifestSchema,
  ownershipSchema,
} from '../manifest/manifest.js';
import { sha256 } from '../write/hash.js';
import { recover } from '../write/swap.js';
import { generateAgain } from './again.js';

/** A design directory as it was read. */
export interface Design {
  readonly directory: string;
  readonly manifest: Manifest;
  /** Path of the compressed model inside the directory. */
  readonly modelPath: string;
  /** Contents of every file that the manifest lists, by path relative to the directory. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Text of design.json. */
  readonly manifestText: string;
  /** Files, and design.json, that are not as their hashes say; only where that is accepted. */
  readonly edited: readonly string[];
}

/** What a reader of a design puts up with; nothing by default. */
export interface Tolerance {
  /** Files that are not as their hashes say. */
  readonly edited?: boolean;
  /** Another version of hcgs with the same manifest. */
  readonly otherVersion?: boolean;
}

/**
 * Reads a design directory and holds every file against its hash. Hashes tell what was edited by mistake; a design of
 * someone else can have any. Throws UserError when it is no design, has links, is of another version, or edited.
 */
export function readDesign(directory: string, tolerance: Tolerance = {}): Design {
  recover(directory);
  const { raw, files, text, edited } = readAnyVersion(directory, tolerance.edited ?? false);
  const file = join(directory, MANIFEST_FILE);
  for (const [field, expected] of [
    ['schemaVersion', MANIFEST_SCHEMA],
    ['toolVersion', toolVersion],
  ] as const) {
    const got = raw[field];
    if (got === expected || (field === 'toolVersion' && tolerance.otherVersion)) continue;
    throw new UserError({
      code: 'DESIGN_VERSION',
      message: `${directory} was written by another version of hcgs (${field} ${got}, this one has ${expected})${anewFrom(directory, raw, files)[0]}`,
      details: anewFrom(directory, raw, files).slice(1),
      file: directory,
      field,
      expected,
      got,
    });
  }
  const manifest = parse(manifestSchema, raw, file);
  const modelPath = join(directory, MODEL_FILE);
  return { directory, manifest, modelPath, files, manifestText: text, edited };
}

/** The end of a message about a design that has to be made anew, and the line with the command. */
export function anewFrom(
  directory: string,
  raw: Readonly<Record<string, unknown>>,
  files: ReadonlyMap<string, Uint8Array>,
): readonly [string, ...string[]] {
  const model = files.get(MODEL_FILE);
  const command = model === undefined ? null : generateAgain(directory, raw, model);
  return command === null
    ? [`: generate it anew from ${join(directory, MODEL_FILE)}`]
    : ['; this makes it anew, in its place:', `  ${command}`];
}

/** A directory written by any version of this program, with its files. Throws UserError when one is edited. */
export function readUnedited(directory: string) {
  return readAnyVersion(directory, false);
}

function readAnyVersion(directory: string, acceptEdited: boolean) {
  const file = join(directory, MANIFEST_FILE);
  const text = readManifest(directory);
  const json = parseJson(text, file);
  const raw = parse(ownershipSchema, json, file);
  const edited: string[] = [];
  const differs = (path: string, field: string, expected: string, found: string): void => {
    if (expected === found) return;
    if (!acceptEdited) throw editedError(join(directory, path), field, expected, found);
    edited.push(path);
  };
  // over the text's own order of keys, which the schema may change
  const found = contentHash(json as Readonly<Record<string, unknown>>);
  differs(MANIFEST_FILE, 'designHash', raw.designHash, found);
  const files = new Map(
    Object.entries(raw.files).map(([path, hash]) => {
      const content = readListed(directory, path);
      if (!acceptEdited && hasOtherLineEnds(content, hash)) throw lineEnds(directory, path);
      differs(path, 'sha256', hash, sha256(content));
      return [path, content];
    }),
  );
  return { raw, files, text, edited };
}

function readManifest(directory: string): string {
  try {
    return new TextDecoder().decode(readInside(directory, MANIFEST_FILE));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      {
        code: 'NOT_A_DESIGN',
        message: `${directory} is no design directory: ${MANIFEST_FILE} cannot be read`,
        file: directory,
        expected: MANIFEST_FILE,
      },
      { cause: error },
    );
  }
}

function readListed(directory: string, path: string): Uint8Array {
  try {
    return readInside(directory, path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const file = join(directory, path);
    throw new UserError(
      {
        code: 'DESIGN_INCOMPLETE',
        message: `${file} belongs to the design and cannot be read: remove the directory and generate the design anew`,
        file,
      },
      { cause: error },
    );
  }
}

/** Whether a file is as it was written but for a carriage return before each line end. */
function hasOtherLineEnds(content: Uint8Array, hash: string): boolean {
  if (!content.includes(0x0d)) return false;
  const text = Buffer.from(content).toString('latin1').replaceAll('\r\n', '\n');
  return sha256(content) !== hash && sha256(Buffer.from(text, 'latin1')) === hash;
}

function lineEnds(directory: string, path: string): UserError {
  const file = join(directory, path);
  return new UserError({
    code: 'DESIGN_LINE_ENDS',
    message: `${file} has other line ends than hcgs wrote (CRLF), as core.autocrlf of git makes them; nothing else of it was changed: have a line "${basename(directory)}/** -text" in .gitattributes of the repository and check the design out again`,
    file,
    field: 'sha256',
    expected: 'lines that end with LF',
    got: 'lines that end with CRLF',
  });
}

function editedError(file: string, field: string, expected: string, got: string): UserError {
  return new UserError({
    code: 'DESIGN_EDITED',
    message: `${file} is not as hcgs wrote it: work on a copy elsewhere; remove the directory to generate it anew; hcgs cosim and hcgs synth take it with --trust`,
    file,
    field,
    expected,
    got,
  });
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(
      { code: 'NOT_A_DESIGN', message: `${file} is no JSON`, file },
      { cause: error },
    );
  }
}

function parse<S extends z.ZodType>(schema: S, value: unknown, file: string): z.infer<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw new UserError({
    code: 'NOT_A_DESIGN',
    message: `${file} is no manifest of hcgs: ${field}: ${issue?.message}`,
    file,
    field,
  });
}

/** What a design was generated from: a configuration, or those of its engines. `readDesign` has seen that nobody changed it. */
export function designHardware({ parameters }: Manifest): Hardware {
  return parameters as unknown as Hardware;
}

/** The figures of a design as they were when it was written. */
export function designEstimate({ estimate }: Manifest): HardwareEstimate {
  return estimate as unknown as HardwareEstimate;
}
