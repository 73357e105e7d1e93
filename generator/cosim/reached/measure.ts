import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporary } from '../../base/cleanup.js';
import type { Progress } from '../../base/progress.js';
import { harnessSource } from '../build/harness.js';
import { verilate } from '../build/verilate.js';
import type { CosimDesign, FrameSequence } from '../design.js';
import type { Stalls } from '../driver/bounds.js';
import { drive } from '../driver/drive.js';
import { session } from '../driver/session.js';
import { driveProtocolFile, type ProtocolOptions, planProtocol } from '../protocol/run.js';
import { type Coverage, coverageOf } from './points.js';

/** Runs that coverage is counted in. */
export interface CoveredRuns {
  readonly design: CosimDesign;
  readonly frames: FrameSequence;
  readonly stalls: Stalls;
  readonly seed: number;
  /** The protocol pass; null: it is left out. */
  readonly protocol: Pick<ProtocolOptions, 'reference' | 'inputBits'> | null;
  readonly progress: Progress;
}

/** Runs a co-simulation once more in a build that counts what it reaches. */
export async function measureCoverage({
  design,
  protocol,
  progress,
  ...runs
}: CoveredRuns): Promise<Coverage> {
  progress.step(`building the simulation of ${design.name} with counters of coverage`);
  const flags = ['--coverage-line', '--coverage-toggle'];
  const built = await verilate({ ...harnessSource(design), flags });
  progress.step('counting coverage');
  const folder = await mkdtemp(join(tmpdir(), 'hcgs-coverage-'));
  const settled = temporary(folder);
  try {
    const files = ['main', 'protocol'].map((name) => join(folder, name)) as [string, string];
    await drive({
      program: built.program,
      ...{ directory: design.directory, load: design.load, seed: runs.seed },
      operations: session({ design, ...runs }),
      observe: () => 'go',
      ownFile: files[0],
    });
    if (protocol !== null) {
      const pass = planProtocol({ design, seed: runs.seed, ...protocol });
      await driveProtocolFile(pass, built.program, files[1]);
    }
    const written = protocol === null ? files.slice(0, 1) : files;
    const texts = await Promise.all(written.map((file) => readFile(file, 'utf8')));
    return coverageOf(texts, new Set(design.verilog.keys()));
  } finally {
    await rm(folder, { recursive: true, force: true });
    settled();
  }
}
