import type { Hdf5File } from '../../formats/hdf5/hdf5.js';
import type { LeftOut } from '../imported.js';

/** The datasets that were not taken; those of an optimizer in one line. */
export function tensorsLeft(
  { datasets }: Hdf5File,
  taken: ReadonlySet<string>,
): readonly LeftOut[] {
  const isOptimizer = (path: string) => /^optimizer(_weights)?\//.test(path);
  const left = [...datasets.values()].filter(({ path }) => !taken.has(path));
  const own = left.filter(({ path }) => !isOptimizer(path));
  const optimizer = left.length - own.length;
  return [
    ...own.map(({ path, what }): LeftOut => ({ name: path, kind: 'tensor', what })),
    ...(optimizer === 0
      ? []
      : [{ name: 'optimizer', kind: 'node', what: `optimizer of ${optimizer} datasets` } as const]),
  ];
}
