import { partsOfDesign } from '../cosim/whole/planned-design.js';
import { wholeDesign } from '../cosim/whole/whole-design.js';
import { MANIFEST_FILE, manifestText } from '../design/manifest/manifest.js';
import { writeDesign } from '../design/write/write.js';
import { checkArguments, REPORTING, SWITCH, TEXT } from './arguments.js';
import { plans } from './contents.js';
import type { Plan } from './objects.js';
import { type Reporting, reportingOf } from './reporting.js';

export interface EmitOptions extends Reporting {
  /** Where the design goes, as one step; absent: nothing is written. A design there that nobody edited is replaced. */
  readonly directory?: string | undefined;
  /** TypeScript files and lines in comments of the Verilog; true if absent. */
  readonly source?: boolean | undefined;
}

/** A whole design. */
export interface EmittedDesign {
  readonly name: string;
  /** Where it was written; null: nowhere. */
  readonly directory: string | null;
  /** All its files by path: Verilog in `rtl/`, memory images, scripts, pages, `design.json`. The same input gives the same bytes. */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
}

/**
 * Makes Verilog, memory images and all that belongs to a planned design: the work of `hcgs generate`.
 * @throws UserError API_ARGUMENT; DESIGN_PLACE_TAKEN and DESIGN_EDITED for a directory that is in the way
 */
export async function emit(plan: Plan, options: EmitOptions = {}): Promise<EmittedDesign> {
  checkArguments(options, { directory: TEXT, source: SWITCH, ...REPORTING });
  const { directory, source = true, ...reporting } = options;
  const { planned, bytes } = plans.of(plan);
  const { progress, note } = reportingOf(reporting);
  progress.step('writing Verilog and images');
  const { body, files } = await wholeDesign(partsOfDesign(planned, bytes, { source, note }));
  const manifest =
    directory === undefined ? manifestText(body, files) : await writeDesign(directory, body, files);
  return {
    name: plan.name,
    directory: directory ?? null,
    files: new Map([...files, [MANIFEST_FILE, manifest]]),
  };
}
