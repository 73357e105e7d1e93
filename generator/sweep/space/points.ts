import { basename } from 'node:path';
import { unexpected } from '../../base/errors.js';
import type { DesignConfig } from '../../design/manifest/config.js';
import { axesOf, axisName, type NamedAxis, valueText } from './axes.js';
import { SpaceFiles } from './files.js';
import { grouped } from './grouped.js';
import { type Limited, networkOf } from './network-of.js';
import { hashOf, type Point, type PointTrial, type ReadFile, type Settings } from './point.js';
import { sampled } from './sampling.js';
import type { CheckedNetwork, CheckedSpace } from './space.js';

/** Random frames of a co-simulation where the space does not say it. */
const COSIM = { random: 20, seed: 1 } as const;

/**
 * The points of a space, each once, those of one network together. `folder`: what its paths are relative to.
 * @throws UserError SWEEP_SPACE, SWEEP_TOO_MANY; of files that are not there or are no networks; of patterns and cells
 */
export async function pointsOf(space: CheckedSpace, folder: string): Promise<readonly Point[]> {
  const files = new SpaceFiles(folder);
  const networks = await Promise.all(
    space.networks.map((network, n) => described(network, n, space, files)),
  );
  const lengths = networks.map(({ axes }) => axes.map(({ values }) => values.length));
  const points = new Map<string, Point>();
  for (const { network, indices } of sampled(lengths, space.sample ?? { kind: 'grid' })) {
    const described = networks[network] as Described;
    const point = pointAt(described, indices, space);
    points.set(point.id, point);
  }
  const groups = grouped([...points.values()]);
  return [...groups.values()].flat();
}

/** A network of a space with what its points share. */
interface Described {
  readonly name: string;
  readonly field: string;
  readonly axes: readonly NamedAxis[];
  readonly limited: Limited;
  readonly frames: ReadFile | null;
  readonly labels: ReadFile | null;
}

async function described(
  network: CheckedNetwork,
  n: number,
  space: CheckedSpace,
  files: SpaceFiles,
): Promise<Described> {
  const { name, file, frames, labels, compress } = network;
  const field = `networks.${n}`;
  const found = file === undefined ? null : await files.network(file);
  if (found?.compressed && compress !== undefined) {
    throw unexpected({
      ...{ code: 'SWEEP_SPACE', field: `${field}.compress` },
      expected: 'none for a compressed model',
      got: 'one',
    });
  }
  if (found !== null && !found.compressed && compress === undefined) {
    throw unexpected({
      ...{ code: 'SWEEP_SPACE', field: `${field}.compress` },
      expected: `calibrate or noise for ${found.file.path}, a trained network`,
      got: 'none',
    });
  }
  const read = async (path: string | undefined) => (path === undefined ? null : files.data(path));
  const calibrate = await read(compress?.calibrate);
  return {
    name: name ?? (file === undefined ? 'random' : basename(file)),
    field,
    axes: axesOf(network, space),
    limited: { network, file: found?.file ?? null, calibrate },
    frames: frames === undefined ? calibrate : await read(frames),
    labels: await read(labels),
  };
}

function pointAt(
  { name, field, axes, limited, frames, labels }: Described,
  indices: readonly number[],
  space: CheckedSpace,
): Point {
  const chosen = axes.map((axis, a) => ({ axis, value: axis.values[indices[a] as number] }));
  const part = (wanted: NamedAxis['part']): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
      chosen.filter(({ axis }) => axis.part === wanted).map(({ axis, value }) => [axis.key, value]),
    );
  const settings: Settings = {
    network: name,
    ...Object.fromEntries(
      chosen.map(({ axis, value }) => [axisName(axis), valueText(axis.key, value)]),
    ),
  };
  const network = networkOf(limited, { random: part('random'), compress: part('compress') }, field);
  const design = part('design') as Omit<DesignConfig, 'fit' | 'name'>;
  const synth = { ...NO_SYNTH, ...part('synth') } as Omit<PointTrial['synth'], 'synthesisOnly'>;
  return {
    id: hashOf({ network, design, synth }),
    networkId: hashOf(network),
    settings,
    network,
    design,
    trial: {
      frames,
      labels,
      synth: { ...synth, synthesisOnly: space.synth?.synthesisOnly ?? false },
      cosim: {
        random: space.cosim?.random ?? COSIM.random,
        seed: space.cosim?.seed ?? COSIM.seed,
      },
    },
  };
}

const NO_SYNTH = { target: null, device: null, clockMHz: null, seed: 1 };
