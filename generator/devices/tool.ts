/** One way to a tool: a program by its name, or a function of a WebAssembly package from npm. */
export type Source =
  | { readonly program: string }
  | { readonly npm: string; readonly function: string };

/** How a program is found, and what it says of itself. */
export interface ToolSpec {
  /** Key in `tools` of a report. */
  readonly name: string;
  /** In the order in which they are tried. */
  readonly sources: readonly Source[];
  /** Argument that makes the tool say its version, and where that is in what it says (no group: it has none). */
  readonly versionArgument: string;
  readonly version: RegExp;
  /** What a user can install to have it. */
  readonly install: string;
}
