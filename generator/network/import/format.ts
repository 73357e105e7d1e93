import type { Imported, ImportOptions } from './imported.js';
import type { NameMap } from './map.js';

/** A file as it came: its bytes, and its name in errors. */
export interface SourceFile {
  readonly bytes: Uint8Array;
  readonly file: string;
}

/** A layer, module or operator of a file, whether or not it can become hardware. */
export interface Part {
  readonly name: string;
  /** In the words of the field, with sizes, e.g. `bidirectional LSTM, 40 inputs, 2 layers of 64 cells`. */
  readonly what: string;
}

/** A format that trained networks come in: a file of its own, and a line in the registry. */
export interface NetworkFormat {
  /** As errors name it where they list what is read, e.g. `ONNX`. */
  readonly what: string;
  /** Whether the content is of this format; looks at the content alone, and never throws. */
  readonly recognise: (source: SourceFile) => boolean;
  /** @throws UserError when there is anything in the file that is not wholly understood */
  readonly read: (source: SourceFile, map: NameMap, options: ImportOptions) => Imported;
  /**
   * What is in a file whose network `read` refuses, for a look at it: in the order of the file. Nothing of it need be
   * possible in hardware. @throws UserError when the file itself is broken
   */
  readonly contents: (source: SourceFile, options: ImportOptions) => readonly Part[];
}
