import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../../generator/base/package.js';

/** The fields of `generate --json` that the figures need. */
export interface Generated {
  readonly estimate: {
    readonly cellLanes: number;
    readonly streamLanes: number;
    readonly indexBitsPerKeptWeight: number;
  };
}

/** The fields of `cosim --json` that the figures need. */
export interface Cosimulated {
  /** Every value, the cycles and the latency agree. */
  readonly ok: boolean;
  readonly simulator: string;
  readonly comparedValues: number;
  readonly mismatches: number;
  readonly cyclesPerFrame: number;
  readonly macUtilization: number;
  readonly buildSeconds: number;
  readonly cyclesPerSecond: number;
  readonly accuracy: number | null;
  readonly goldenAccuracy: number | null;
}

/** What one command took. */
export interface Measured {
  /** From start to end, that of the program included. */
  readonly seconds: number;
  /** The most memory that its process has had at a time, resident. */
  readonly peakBytes: number;
}

/** A place for the files of one run, and the program as users start it: built, on plain Node. */
export class Workbench {
  readonly folder = mkdtempSync(join(tmpdir(), 'hcgs-bench-'));
  /** Every co-simulation so far. */
  readonly cosims: Cosimulated[] = [];

  path(name: string): string {
    return join(this.folder, name);
  }

  /** The JSON object that one command prints. Throws when the command fails for another reason than a failed check. */
  async hcgs<T = unknown>(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<T> {
    const program = join(packageRoot, 'dist/cli/main.js');
    const { exitCode, stdout, stderr } = await execa(
      process.execPath,
      [program, ...args, '--json', '--quiet'],
      { cwd: this.folder, env, reject: false, stdin: 'ignore' },
    );
    if (exitCode !== 0 && exitCode !== 1) throw new Error(`hcgs ${args.join(' ')}: ${stderr}`);
    return JSON.parse(stdout) as T;
  }

  /** What a command takes. Throws when it fails. */
  async measured(args: readonly string[]): Promise<Measured> {
    const [peak, preload] = [
      this.path('peak'),
      join(packageRoot, 'scripts/benchmarks/tell-peak.js'),
    ];
    const program = join(packageRoot, 'dist/cli/main.js');
    const began = performance.now();
    await execa(process.execPath, ['--import', preload, program, ...args], {
      ...{ cwd: this.folder, env: { HCGS_PEAK: peak }, stdin: 'ignore' },
    });
    const seconds = (performance.now() - began) / 1000;
    return { seconds, peakBytes: Number(readFileSync(peak, 'utf8')) };
  }

  generate(model: string, macs: number, directory: string): Promise<Generated> {
    return this.hcgs(['generate', model, '--macs', `${macs}`, '--name', 'bench', '-o', directory]);
  }

  async cosim(
    directory: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): Promise<Cosimulated> {
    const result = await this.hcgs<Cosimulated>(['cosim', directory, ...args], env);
    this.cosims.push(result);
    return result;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
