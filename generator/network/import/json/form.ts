import type { Json } from '../../formats/json.js';
import type { Part } from '../format.js';
import type { Imported, ImportOptions } from '../imported.js';
import type { NameMap } from '../map.js';

/** A JSON text and the name of its file. */
export interface JsonSource {
  readonly value: Json;
  readonly file: string;
}

/** One way to write networks as JSON: what programs agree on, told by the names in it. */
export interface JsonForm {
  /** Whether a text is of this form; never throws. */
  readonly recognise: (value: Json) => boolean;
  /** @throws UserError when anything in it is not wholly understood */
  readonly read: (source: JsonSource, map: NameMap, options: ImportOptions) => Imported;
  /** What is in it, whether or not it can be read. @throws UserError when the text is broken */
  readonly contents: (source: JsonSource) => readonly Part[];
}
