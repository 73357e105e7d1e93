import type { ChipMemories, ParameterFact } from '../../accelerator/index.js';
import { toolVersion } from '../../base/package.js';
import type { Product } from '../../devices/logic-rules.js';
import { type DriverFacts, driverFiles } from '../files/driver-files.js';
import { EXAMPLE_TARGET } from '../files/family-files.js';
import { flowFiles } from '../files/flow-files.js';
import { render } from './render.js';

interface Figure {
  readonly label: string;
  readonly value: string | number;
}

/** Everything the pages and scripts of a design say about it. */
export interface DesignFacts {
  readonly name: string;
  readonly core: string;
  /** Engines in a chain; null: one core. */
  readonly engines: number | null;
  /** Paths of the Verilog files, relative to the design. */
  readonly rtlFiles: readonly string[];
  /** Those of the models of macros. */
  readonly macroModels: readonly string[];
  /** Paths of the memory images, relative to the design. */
  readonly images: readonly string[];
  /** Hash of the Verilog and of the memory images. */
  readonly contents: string;
  /** Multiplications of the design. */
  readonly products: readonly Product[];
  /** Memories as they would stand in a chip, and the blocks around them. */
  readonly chip: ChipMemories;
  /** Module header of the top, as it stands in its file. */
  readonly header: string;
  /** Values of a frame, their words and their beats. */
  readonly inputs: number;
  /** Values of a beat. */
  readonly lanes: number;
  readonly inputBits: number;
  readonly inputBytes: number;
  readonly inputFraction: number;
  readonly inputBeats: number;
  readonly outputs: number;
  readonly outputBits: number;
  readonly outputBytes: number;
  readonly outputFraction: number;
  readonly outputBeats: number;
  readonly figures: readonly Figure[];
  readonly layers: readonly {
    readonly label: string;
    /** Kind of its cells. */
    readonly cell: string;
    readonly inputs: number;
    readonly rows: number;
    readonly x: string;
    readonly h: string;
    readonly kept: number;
    readonly cycles: number;
  }[];
  readonly memories: readonly {
    readonly name: string;
    readonly depth: number;
    readonly width: number;
    readonly total: number;
    readonly image: string;
  }[];
  /** Parameters of the emitted modules, with the values of this design. */
  readonly parameters: readonly ParameterFact[];
  /** Products of the array have a register that may do without an enable. */
  readonly heldProducts: boolean;
  /** Numbers stand in place of the integer parameters. */
  readonly specialised: boolean;
  /** Outputs leave of frames that are marked as the last of an utterance alone. */
  readonly emitLast: boolean;
  /** Most frames of an utterance where whole ones are computed; null: frame by frame. */
  /** Independent streams; null where there is one. */
  readonly streams: number | null;
  readonly maxFrames: number | null;
  /** Some layers of the network begin with the last frame of an utterance. */
  readonly backward: boolean;
  /** Utterances may start with more than zeros. */
  readonly initialState: boolean;
  /** Name of the state of the cells; null: they keep none. */
  readonly state: string | null;
  readonly limits: readonly Figure[];
  /** How the model comes in; null: it lies in ROMs. */
  readonly load: LoadFacts | null;
  /** Words that the model puts on the design have check bits; null: they have none. */
  readonly protection: { readonly corrects: boolean } | null;
  /** What registers on a bus speak of; null: there are none. */
  readonly bus: DriverFacts['bus'] | null;
}

/** What the pages of a design say of its load port. */
export interface LoadFacts {
  readonly loadFile: string;
  readonly loadSize: number;
  readonly loadCycles: number;
  readonly loadBits: number;
  readonly loadHash: string;
  /** Null: one. */
  readonly residents: number | null;
  readonly causes: readonly { readonly code: number; readonly means: string }[];
}

/** README and synthesis scripts of a design, by path. */
export function designDocuments(facts: DesignFacts): ReadonlyMap<string, string> {
  const load = facts.load ?? { loadFile: null };
  const context = { ...facts, ...load, toolVersion, exampleTarget: EXAMPLE_TARGET };
  const { bus } = facts;
  return new Map([
    ['README.md', render('design/README.md.hbs', context)],
    ...flowFiles(facts),
    ...(bus === null ? [] : driverFiles({ ...facts, bus })),
  ]);
}

/** Header of module `name` in Verilog text: from `module` to the first `);` that ends a line. */
export function moduleHeader(verilog: string, name: string): string {
  const start = verilog.search(new RegExp(`^module ${name}\\b`, 'm'));
  const end = verilog.indexOf('\n);', start);
  if (start === -1 || end === -1) throw new Error(`no module ${name} in its own file`);
  return verilog.slice(start, end + '\n);'.length);
}
