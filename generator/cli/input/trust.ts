import { checkHardwareContract, emitVerilog, VERILOG_FOLDERS } from '../../accelerator/index.js';
import { UserError } from '../../base/errors.js';
import { wholeDesign } from '../../cosim/whole/whole-design.js';
import { MANIFEST_FILE, manifestText } from '../../design/manifest/manifest.js';
import { designCuts } from '../../design/read/cuts.js';
import { foreignHardware } from '../../design/read/foreign.js';
import { placedModel } from '../../design/read/placed-model.js';
import { hasSourceLines } from '../../design/read/raw.js';
import { anewFrom, type Design, readDesign, type Tolerance } from '../../design/read/read.js';
import { manifestSignals } from '../../design/write/assemble.js';
import type { CommandIo } from '../frame/command.js';
import { flag, type OptionValues } from '../options/options.js';

/** Options of every command that runs what lies in a design directory. */
export const trustOptions = {
  allowEdited: flag(
    'takes a design whose pages, vectors or memory images were edited: nothing of them is run',
  ),
  trust: flag(
    'runs Verilog and scripts of DIR that hcgs did not write or that were edited: they can do whatever you can, so only for directories of your own',
  ),
} as const;

/** What of a design is code to the tools of a command: its Verilog, its scripts. */
export type Runs = 'rtl' | 'flow';

const FOLDERS: Readonly<Record<Runs, readonly string[]>> = {
  rtl: VERILOG_FOLDERS,
  flow: ['flow'],
};

/**
 * Reads a design of which Verilog or scripts are about to run. Anybody can make hashes that fit, so every file is made
 * anew from the model and the configuration, which are data, and compared byte by byte.
 * @throws UserError DESIGN_NOT_OURS, naming what differs and the command that makes the design anew; as `readDesign`
 */
export async function designToRun(
  directory: string,
  { allowEdited, trust }: OptionValues<typeof trustOptions>,
  runs: readonly Runs[],
  { progress, note }: Pick<CommandIo, 'progress' | 'note'>,
  trusted: Tolerance = { edited: true, otherVersion: true },
): Promise<Design> {
  if (trust) {
    const design = readDesign(directory, trusted);
    const { edited } = design;
    if (edited.length > 0) note(`--trust: ${edited.length} files were edited, ${edited[0]} first`);
    return design;
  }
  const design = readDesign(directory, { edited: allowEdited });
  progress.step('comparing the design with what hcgs writes');
  const differing = await differences(design);
  if (differing === null) {
    throw notOurs(design, MANIFEST_FILE, 'its configuration is none that hcgs makes');
  }
  const code = (path: string): boolean =>
    path === MANIFEST_FILE ||
    runs.some((run) => FOLDERS[run].some((folder) => path.startsWith(`${folder}/`)));
  const refused = differing.find((path) => !allowEdited || code(path));
  if (refused === undefined) {
    if (differing.length > 0) note(`edited, and nothing that is run: ${differing.join(', ')}`);
    return design;
  }
  throw notOurs(design, refused, `${differing.length} of its files differ from what hcgs writes`);
}

/** Files of a design that are not as they are made from its model and its configuration; null: none can be made. */
async function differences(design: Design): Promise<readonly string[] | null> {
  const { manifest, files, modelPath } = design;
  const configuration = foreignHardware(design);
  if (configuration === null) return null;
  const bytes = files.get(manifest.model.file) as Uint8Array;
  const { model, orders } = placedModel(design);
  const cuts = designCuts(design, model);
  checkHardwareContract(configuration, model, cuts, modelPath);
  const source = hasSourceLines(manifest);
  try {
    const made = await wholeDesign({
      configuration,
      source: { model, bytes, orders, cuts },
      rtl: {
        files: emitVerilog(configuration, { source }),
        signals: manifestSignals(configuration, source),
      },
    });
    const paths = new Set([...files.keys(), ...made.files.keys()]);
    const other = [...paths].filter((path) => !same(files.get(path), made.files.get(path)));
    const text = manifestText(made.body, made.files);
    return text === design.manifestText ? other : [...other, MANIFEST_FILE];
  } catch (error) {
    if (error instanceof UserError) throw error;
    return null; // numbers that belong to no design
  }
}

function same(found: Uint8Array | undefined, made: string | Uint8Array | undefined): boolean {
  if (found === undefined || made === undefined) return false;
  return Buffer.from(made).equals(found);
}

function notOurs(design: Design, path: string, why: string): UserError {
  const { directory, manifest, files } = design;
  const [end, ...command] = anewFrom(directory, manifest, files);
  const file = `${directory}/${path}`;
  return new UserError({
    code: 'DESIGN_NOT_OURS',
    message: `${file} is not what this hcgs writes, and would be run or relied on: ${why}; --trust runs it, with all that you can do${end}`,
    details: command,
    file,
  });
}
