import { join } from 'node:path';
import { runCli } from '../../support/cli.js';

/** Generates a design of a network so small that every tool is done with it in seconds; its directory. */
export async function smallDesign(
  folder: string,
  name: string,
  options: readonly string[] = [],
  seed = 1,
): Promise<string> {
  const model = join(folder, `${name}.safetensors`);
  const directory = join(folder, name);
  const words = ['--weight-bits', '2', '--activation-bits', '4', '--cell-bits', '8'];
  const shape = ['--inputs', '2', '--hidden', '2', '--outputs', '2', '--blocks', '1'];
  await run([
    'random',
    '--seed',
    `${seed}`,
    ...shape,
    '--keep',
    '1/2',
    ...words,
    '--bias-bits',
    '4',
    '-o',
    model,
  ]);
  await run(['generate', model, '--macs', '4', ...options, '-o', directory]);
  return directory;
}

async function run(argv: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runCli(argv);
  if (exitCode !== 0) throw new Error(stderr);
}
