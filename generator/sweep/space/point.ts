import { createHash } from 'node:crypto';
import type { DesignConfig } from '../../design/manifest/config.js';
import type { ImportOptions } from '../../network/import/imported.js';
import type { WordLengths } from '../../network/model.js';
import type { RandomOptions } from '../../network/random.js';
import type { Selection } from '../../network/select/select.js';

/** What a table shows of a point. */
export type Scalar = string | number | boolean;
export type Settings = Readonly<Record<string, Scalar>>;

/** A file that points read, with the hash of what it held when the sweep began. */
export interface ReadFile {
  /** Absolute. */
  readonly path: string;
  readonly sha256: string;
}

/** How a trained network is compressed at a point. */
export interface PointCompression {
  readonly calibrate: ReadFile | null;
  /** Standard deviation, where there are no frames. */
  readonly noise: number | null;
  readonly selection: Selection | null;
  readonly fill: boolean;
  readonly dense: boolean;
  readonly words: WordLengths;
  readonly tableBits: number | null;
}

/** What the network of a point is made of. */
export type PointNetwork =
  | { readonly kind: 'random'; readonly options: RandomOptions }
  | {
      readonly kind: 'file';
      readonly file: ReadFile;
      readonly said: Omit<ImportOptions, 'beside'>;
      /** Null: a compressed model. */
      readonly compression: PointCompression | null;
    };

/** What a point is tried with beside its network and its design. */
export interface PointTrial {
  readonly frames: ReadFile | null;
  readonly labels: ReadFile | null;
  readonly synth: {
    readonly target: string | null;
    readonly device: string | null;
    readonly clockMHz: number | null;
    readonly seed: number;
    readonly synthesisOnly: boolean;
  };
  readonly cosim: { readonly random: number; readonly seed: number };
}

/** One configuration of one network. */
export interface Point {
  /** Sixteen hexadecimal digits that follow from its network, design and target alone. */
  readonly id: string;
  /** Of its network alone: points that share it are done together. */
  readonly networkId: string;
  /** In the words of the space. */
  readonly settings: Settings;
  readonly network: PointNetwork;
  readonly design: Omit<DesignConfig, 'fit' | 'name'>;
  readonly trial: PointTrial;
}

/** Sixteen hexadecimal digits of a value; the same whatever the order of its fields, and wherever its files lie. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 16);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([key, field]) => field !== undefined && !(key === 'path' && 'sha256' in value))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join()}}`;
}
