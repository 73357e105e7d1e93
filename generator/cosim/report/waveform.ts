import { copyFile, lstat, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { temporary } from '../../base/cleanup.js';
import { UserError } from '../../base/errors.js';
import { translateWriteError } from '../../base/files.js';
import { harnessSource } from '../build/harness.js';
import { verilate } from '../build/verilate.js';
import type { CosimDesign } from '../design.js';
import { SimulationEnded } from '../driver/drive.js';

/** Runs a simulation of `design`, built to write waveforms, and leaves its waveform in `waveFile`. */
export async function writeWaveform(
  design: CosimDesign,
  waveFile: string,
  run: (program: string, file: string) => Promise<void>,
): Promise<void> {
  const file = path.resolve(waveFile);
  const built = await verilate(harnessSource(design, true));
  const work = await folderBeside(file).catch((error: unknown) => {
    throw waveError(error, waveFile);
  });
  const partial = path.join(work, path.basename(file));
  const settled = temporary(work);
  try {
    await run(built.program, partial);
    const there = await lstat(file).catch(() => null);
    // what a link leads to is written, and a device stays one
    await (there === null || there.isFile() ? rename(partial, file) : copyFile(partial, file));
  } catch (error) {
    throw waveError(error, waveFile);
  } finally {
    await rm(work, { recursive: true, force: true }).catch(() => undefined);
    settled();
  }
}

/** A folder of this run alone, for the writer keeps a second file beside its own. */
async function folderBeside(file: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  return mkdtemp(`${file}.`);
}

/** The writer of waveforms maps its file into memory: a full disk is a bus error there. */
function waveError(error: unknown, file: string): unknown {
  if (!(error instanceof SimulationEnded && error.signal === 'SIGBUS')) {
    return translateWriteError(error, file);
  }
  const message = `cannot write ${file}: the disk is full`;
  return new UserError({ code: 'DISK_FULL', message, file }, { cause: error });
}
