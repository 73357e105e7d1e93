import { type PlannedDesign, partsOfDesign } from '../../cosim/whole/planned-design.js';
import { wholeDesign } from '../../cosim/whole/whole-design.js';
import { type Design, readDesign } from '../../design/read/read.js';
import { writeDesign } from '../../design/write/write.js';

/** The design directory of a point. */
export interface WrittenDesign {
  /** As it was read back. */
  readonly design: Design;
  readonly files: number;
  readonly bytes: number;
}

/** Writes a design; `model` is the file of its model. @throws UserError as `writeDesign` and `readDesign` */
export async function written(
  planned: PlannedDesign,
  model: Uint8Array,
  directory: string,
): Promise<WrittenDesign> {
  const parts = partsOfDesign(planned, model, { source: true, note: () => undefined });
  const { body, files } = await wholeDesign(parts);
  await writeDesign(directory, body, files);
  const bytes = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return { design: readDesign(directory), files: files.size, bytes };
}
