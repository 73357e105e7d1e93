import { spawnSync } from 'node:child_process';
import { delimiter, resolve } from 'node:path';
import { packageRoot } from '../../generator/base/package.js';

export const exampleFolder = resolve(packageRoot, 'examples/keyword-spotting');

/**
 * Runs Python with the training recipe importable as `training`; `path`: folders to look in first. The
 * interpreter is the first one that imports `modules`; null where there is none.
 */
export function python(
  modules: string,
): ((args: readonly string[], path?: readonly string[]) => string) | null {
  const found = ['python3', '/usr/bin/python3'].find(
    (name) => spawnSync(name, ['-c', `import ${modules}`]).status === 0,
  );
  if (found === undefined) {
    console.warn(`skipped: there is no python3 with ${modules} (scripts/setup installs it)`);
    return null;
  }
  return (args, path = []) => {
    const { status, stdout, stderr } = spawnSync(found, args, {
      encoding: 'utf8',
      env: {
        ...process.env,
        PYTHONPATH: [...path, exampleFolder].join(delimiter),
        PYTHONDONTWRITEBYTECODE: '1',
        OMP_NUM_THREADS: '1',
      },
    });
    if (status !== 0) throw new Error(`${args.join(' ').slice(0, 200)}\n${stderr}`);
    return stdout;
  };
}
