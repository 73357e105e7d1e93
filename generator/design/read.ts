import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import type { Configuration, Estimate } from '../accelerator/index.js';
import { UserError } from '../base/errors.js';
import { toolVersion } from '../base/package.js';
import { sha256 } from './hash.js';
import {
  contentHash,
  MANIFEST_FILE,
  MANIFEST_SCHEMA,
  type Manifest,
  MODEL_FILE,
  manifestSchema,
  ownershipSchema,
} from './manifest.js';
import { recover } from './swap.js';

/** A design directory, read and found to be as it was written. */
export interface Design {
  readonly directory: string;
  readonly manifest: Manifest;
  /** Path of the compressed model inside the directory. */
  readonly modelPath: string;
  /** Contents of every file that the manifest lists, by path relative to the directory. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads a design directory and checks every file against its hash. Throws UserError when it is no design, of
 * another version, or edited.
 */
export function readDesign(directory: string): Design {
  recover(directory);
  const { raw, files } = readUnedited(directory);
  for (const [field, expected] of [
    ['schemaVersion', MANIFEST_SCHEMA],
    ['toolVersion', toolVersion],
  ] as const) {
    const got = raw[field];
    if (got === expected) continue;
    throw new UserError({
      code: 'DESIGN_VERSION',
      message: `${directory} was written by another version of hcgs (${field} ${got}, this one has ${expected}): generate it again`,
      file: directory,
      field,
      expected,
      got,
    });
  }
  const manifest = parse(manifestSchema, raw, join(directory, MANIFEST_FILE));
  return { directory, manifest, modelPath: join(directory, MODEL_FILE), files };
}

/** A directory written by any version of this program, with its files. Throws UserError when one is edited. */
export function readUnedited(directory: string) {
  const file = join(directory, MANIFEST_FILE);
  const json = parseJson(readManifest(directory, file), file);
  const raw = parse(ownershipSchema, json, file);
  // over the text's own order of keys, which the schema may change
  const found = contentHash(json as Readonly<Record<string, unknown>>);
  if (found !== raw.designHash) throw edited(file, 'designHash', raw.designHash, found);
  const files = new Map(
    Object.entries(raw.files).map(([path, hash]) => {
      const content = readListed(directory, path);
      const found = sha256(content);
      if (found !== hash) throw edited(join(directory, path), 'sha256', hash, found);
      return [path, content];
    }),
  );
  return { raw, files };
}

function readManifest(directory: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
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
    return readFileSync(join(directory, path));
  } catch (error) {
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

function edited(file: string, field: string, expected: string, got: string): UserError {
  return new UserError({
    code: 'DESIGN_EDITED',
    message: `${file} is not as hcgs wrote it: work on a copy elsewhere; remove the directory to generate it anew`,
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

/** The configuration that a design was generated from. `readDesign` has seen that nobody changed it. */
export function designConfiguration({ parameters }: Manifest): Configuration {
  return parameters as unknown as Configuration;
}

/** The figures of a design as they were when it was written. */
export function designEstimate({ estimate }: Manifest): Estimate {
  return estimate as unknown as Estimate;
}
