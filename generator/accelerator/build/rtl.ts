import { atOnce, type Steps } from '../../base/steps.js';
import { TERMS } from '../../base/terms.js';
import {
  emitDesign,
  type Module,
  modulesBelow,
  type Parameter,
  showDiagnostic,
  showRange,
} from '../../hdl/index.js';
import type { Model } from '../../network/model.js';
import type { Hardware } from '../chain/chain.js';
import { isMacro } from '../macros/with-macros.js';
import { romsOf } from '../memory/stores.js';
import type { Configuration } from '../plan/configuration.js';
import { protectedImage } from '../protect/encode-image.js';
import { allowancesOf } from '../schedule/allowances.js';
import { walkModel } from '../schedule/walk.js';
import { styled } from './styled.js';

export interface VerilogOptions {
  /** Gets each warning of the description language; the blocks of this folder give none. */
  readonly note?: (warning: string) => void;
  /** Names the TypeScript lines behind the Verilog in its comments. Default: no. */
  readonly source?: boolean;
}

/** Folders of a design with Verilog: its own, and the models of macros, which are for simulation. */
export const VERILOG_FOLDERS = ['rtl', 'sim/macros'] as const;

/** Whether a path of a design lies in a folder with Verilog. */
export function isOfVerilog(path: string): boolean {
  return VERILOG_FOLDERS.some((folder) => path.startsWith(`${folder}/`));
}

const NOTICE = `${TERMS}\nWritten by hcgs. Do not edit: generate the design again.`;

/** The name of a signal or instance of the top module, case aside, that is that of the design; null: there is none, and it can be that of a module. */
export function nameTaken(c: Hardware): string | null {
  const { ports, items } = styled(c);
  const own = [
    ...Object.keys(ports),
    ...items.flatMap((item) => ('name' in item ? item.name : [])),
  ];
  return own.find((name) => name.toLowerCase() === c.name.toLowerCase()) ?? null;
}

/**
 * The Verilog of a design: one module per file, and the list of files, leaves first. Models of macros lie in a folder of their own and
 * are not in the list, as a chip has the macros themselves.
 */
export function emitVerilog(
  c: Hardware,
  { note = () => undefined, source = false }: VerilogOptions = {},
): ReadonlyMap<string, string> {
  const { modules, warnings } = emitDesign(styled(c), { source, notice: NOTICE });
  for (const warning of warnings) note(showDiagnostic(warning));
  const [rtl, models] = VERILOG_FOLDERS;
  const files = new Map(
    [...modules].map(([name, text]) => [`${isMacro(c, name) ? models : rtl}/${name}.v`, text]),
  );
  const own = [...files.keys()].filter((path) => path.startsWith(`${rtl}/`));
  files.set(`${rtl}/${c.name}.f`, `${own.join('\n')}\n`);
  return files;
}

/** One parameter of one emitted module. */
export interface ParameterFact {
  readonly module: string;
  readonly name: string;
  /** Its default: the value this design was made with. */
  readonly value: string;
  /** Values that elaborate; empty for a text. */
  readonly range: string;
  readonly doc: string;
  /** What it must match in the memory images. */
  readonly images: string;
}

/** Every parameter of the emitted Verilog, leaves first. */
export function parameterReference(c: Hardware): readonly ParameterFact[] {
  return modulesBelow(styled(c)).flatMap((m) =>
    Object.entries(m.parameters).map(([name, p]) => ({
      module: m.name,
      name,
      value: p.kind === 'text' ? `"${p.value}"` : String(p.value),
      range: p.kind === 'text' ? '' : [showRange(p), ...relationsOf(m, name)].join('; '),
      doc: p.doc,
      images: matchOf(m, name, p),
    })),
  );
}

/** What a parameter says that the memory images must match; the blocks of a core all say it. */
function matchOf(module: Module, name: string, { note }: Parameter): string {
  if (note === undefined) throw new Error(`no word on ${module.name}.${name} and the images`);
  return note;
}

/** What a parameter has to be to others. */
function relationsOf({ relations }: Module, parameter: string): readonly string[] {
  return relations
    .filter(({ a, b }) => [...a.names, ...b.names].includes(parameter))
    .map(({ message }) => message);
}

/** The ROM images that put a model on a configuration. */
export function buildImages(c: Configuration, model: Model): ReadonlyMap<string, string> {
  return atOnce(imageSteps(c, model));
}

/** The same, step by step. */
export function* imageSteps(c: Configuration, model: Model): Steps<ReadonlyMap<string, string>> {
  const walks = walkModel(model, c);
  const placed = { model, walks, allowances: allowancesOf(walks, c) };
  const images = new Map<string, string>();
  for (const { image, width, contents } of romsOf(c)) {
    const words = yield* contents(placed);
    // a load has the words alone: the hardware that stores them makes their check bits
    const plain = c.protect === undefined || c.weights === 'loaded';
    images.set(image, plain ? words : protectedImage(c.protect, width, words));
  }
  return images;
}
