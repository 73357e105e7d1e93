import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

/**
 * Synthesis up to where memories and multipliers are device primitives; what follows is logic. For iCE40 the memories
 * keep the names of the library: putting the contents of each into its primitive takes longer than all else.
 */
export const SCRIPTS: Readonly<Record<string, string>> = {
  ecp5: 'synth_ecp5 -top dut -run begin:map_ffram',
  ice40:
    'synth_ice40 -dsp -top dut -run begin:map_ram; memory_libmap -lib +/ice40/brams.txt -lib +/ice40/spram.txt -no-auto-huge',
  xilinx: 'synth_xilinx -flatten -top dut -run begin:map_ffram',
};

/** What Yosys made of a design. */
export interface Synthesised {
  /** Cells of the flat design by type. */
  readonly cells: Readonly<Record<string, number>>;
  /** Library memory that each memory was mapped to, by path; null: logic. */
  readonly memories: ReadonlyMap<string, string | null>;
}

const stat = (directory: string): Readonly<Record<string, number>> => {
  const { modules } = JSON.parse(readFileSync(join(directory, 'stat.json'), 'utf8'));
  return modules['\\dut'].num_cells_by_type;
};

/** Runs Yosys on files of a design `dut`, Verilog and images, in a folder of its own. */
export async function synthesise(
  files: ReadonlyMap<string, string>,
  script: string,
): Promise<Synthesised> {
  const directory = mkdtempSync(join(tmpdir(), 'hcgs-resources-'));
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    const sources = [...files.keys()].filter((path) => path.endsWith('.v')).join(' ');
    const commands = `read_verilog ${sources}; ${script}; tee -q -o stat.json stat -json`;
    await execa('yosys', ['-q', '-l', 'log', '-p', commands], { cwd: directory });
    const log = readFileSync(join(directory, 'log'), 'utf8');
    return { cells: stat(directory), memories: mapped(log) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Lines of memory_libmap. */
function mapped(log: string): ReadonlyMap<string, string | null> {
  const lines = log.matchAll(
    /^(?:mapping memory dut\.(\S+) via \$__(\S+)_|using FF mapping for memory dut\.(\S+))$/gm,
  );
  return new Map(
    [...lines].map(([, path, via, logic]) => [(path ?? logic) as string, via ?? null]),
  );
}

/** Cells whose type matches. */
export function count({ cells }: Synthesised, type: RegExp): number {
  return Object.entries(cells).reduce((sum, [name, n]) => sum + (type.test(name) ? n : 0), 0);
}
