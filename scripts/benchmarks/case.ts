import type { Workbench } from './hcgs.js';
import { percent, type Row } from './row.js';

/** The fields of `estimate --json` that the figures need. */
export interface Estimated {
  readonly cyclesPerFrame: number;
  readonly macUtilization: number;
  readonly balance: number;
  readonly padding: number;
  readonly waiting: number;
  readonly indexBitsPerKeptWeight: number;
  readonly activationCopies: number;
  readonly keptWeights: number;
}

/** A network on a design, and what its order in time has to reach. */
export interface Case {
  readonly what: string;
  readonly model: string;
  readonly options: readonly string[];
  /** Cycles per frame at most; or, with `busy`, the share of the MACs at least. */
  readonly cycles?: number;
  readonly busy?: number;
  /** Index bits per kept weight in hardware at most, beside either. */
  readonly indexBits?: number;
  /** The same in the file, by the formula of the pattern. */
  readonly fileIndexBits?: number;
  /** Print where the rest of the MAC cycles is. */
  readonly split?: boolean;
  /** Co-simulated too: random frames, as many as that. */
  readonly frames?: number;
}

/** The row of a case, or one that says why there is none. */
export async function attempt(what: string, target: string, row: () => Promise<Row>): Promise<Row> {
  try {
    return await row();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // the command line is long, and an option that is not there yet is all that matters of it
    const [why = message] = /unknown option \S+/.exec(message) ?? [];
    return { what, measured: `not measured: ${why}`, target, ok: false, values: {} };
  }
}

/** Cycles per frame as `estimate` has them; co-simulation fails where the hardware has others. */
export function cyclesOf(bench: Workbench, one: Case): Promise<Row> {
  const { what, model, options, cycles, busy, frames } = one;
  const { indexBits, fileIndexBits, split } = one;
  const target = [
    cycles === undefined ? `at least ${percent(busy ?? 0, 0)}` : `at most ${cycles}`,
    ...(indexBits === undefined ? [] : [`at most ${indexBits} index bits in hardware`]),
    ...(fileIndexBits === undefined ? [] : [`at most ${fileIndexBits} index bits in the file`]),
  ].join(', ');
  return attempt(what, target, async () => {
    const figures = await bench.hcgs<Estimated>(['estimate', model, ...options]);
    const { cyclesPerFrame, macUtilization } = figures;
    const simulated = frames === undefined ? null : await simulate(bench, one, frames);
    const reached = cycles === undefined ? macUtilization >= (busy ?? 0) : cyclesPerFrame <= cycles;
    const agrees = simulated === null || (simulated.ok && simulated.cycles === cyclesPerFrame);
    const bits = figures.indexBitsPerKeptWeight;
    const counted = indexBits !== undefined || fileIndexBits !== undefined;
    const inFile = counted ? await indexBitsInFile(bench, model) : 0;
    const parts = [
      `${Math.round(100 * cyclesPerFrame) / 100} cycles per frame`,
      `${percent(macUtilization)} busy`,
      ...(split ? [splitText(figures)] : []),
      ...(counted
        ? [`${bits.toFixed(2)} index bits per weight in hardware, ${inFile.toFixed(2)} in the file`]
        : []),
      simulated === null ? 'predicted' : agrees ? 'co-simulated' : 'not as co-simulated',
    ];
    return {
      ...{ what, target, measured: parts.join(', ') },
      ok: reached && agrees && bits <= (indexBits ?? bits) && inFile <= (fileIndexBits ?? inFile),
      values: {
        ...{ cyclesPerFrame, macUtilization, ...(cycles && { target: cycles }) },
        ...(counted && { indexBits: bits, fileIndexBits: inFile }),
      },
    };
  });
}

/** Index bits for each kept weight of the layers as `info` has them: by the formulas of the patterns. */
async function indexBitsInFile(bench: Workbench, model: string): Promise<number> {
  const { layers } = await bench.hcgs<{ readonly layers: readonly InfoLayer[] }>(['info', model]);
  const matrices = layers.flatMap(({ x, h }) => (h === null ? [x] : [x, h]));
  const total = (of: keyof InfoMatrix) => matrices.reduce((sum, own) => sum + own[of], 0);
  return total('indexBits') / total('kept');
}

/** The fields of `info --json` that the figures need. */
interface InfoLayer {
  readonly x: InfoMatrix;
  readonly h: InfoMatrix | null;
}

interface InfoMatrix {
  readonly kept: number;
  readonly indexBits: number;
}

/** The three parts of the loss, in percent. */
function splitText({ balance, padding, waiting }: Estimated): string {
  const [one, two, three] = [balance, padding, waiting].map((part) => percent(part, 1));
  return `balance ${one}, padding ${two}, waiting ${three}`;
}

async function simulate(bench: Workbench, { model, options }: Case, frames: number) {
  const directory = bench.path(`design_${bench.cosims.length}`);
  await bench.hcgs(['generate', model, ...options, '--name', 'bench', '-o', directory]);
  const { ok, cyclesPerFrame } = await bench.cosim(directory, ['--random', `${frames}`]);
  return { ok, cycles: cyclesPerFrame };
}
