/** Where an array lies. */
export interface ArrayPlace {
  /** The file that is read. */
  readonly path: string;
  /** Name of an array in it: `FILE.npz#NAME`; null: the file has to have one alone, or clips. */
  readonly name: string | null;
}

/** What a user says of a file of arrays: a path, or `FILE.npz#NAME`. */
export function arrayPlace(given: string): ArrayPlace {
  const [, path, name] = /^(.+\.npz)#(.+)$/is.exec(given) ?? [];
  return path === undefined || name === undefined ? { path: given, name: null } : { path, name };
}
