import type { PlannedDesign } from '../../cosim/whole/planned-design.js';
import type { Point, Scalar } from '../space/point.js';
import type { StageName } from '../space/space.js';
import type { MadeNetwork } from './networks.js';
import type { WrittenDesign } from './written.js';

/** Figures of a point by name: what limits, objectives and tables speak of. */
export type Figures = Readonly<Record<string, Scalar | null>>;

/** A figure of a stage. */
export interface FigureInfo {
  readonly name: string;
  /** With its unit. */
  readonly what: string;
}

/** A point at work, with what its stages share. */
export interface WorkPoint {
  readonly point: Point;
  /** The network, made once. */
  readonly network: () => Promise<MadeNetwork>;
  /** The hardware, planned once. @throws UserError where no design has these numbers */
  readonly planned: () => Promise<PlannedDesign>;
  /** The design directory, written once, in a folder of this attempt alone. */
  readonly design: () => Promise<WrittenDesign>;
}

/** What a stage found. */
export type Found =
  | { readonly outcome: 'passed'; readonly figures: Figures }
  /** The point is none that can be built: no failure. */
  | { readonly outcome: 'excluded'; readonly code: string; readonly reason: string }
  /** A check failed. */
  | { readonly outcome: 'failed'; readonly code: string; readonly message: string };

/** One kind of work on a point. */
export interface Stage {
  readonly name: StageName;
  readonly figures: readonly FigureInfo[];
  /** What its figures depend on beside the identity of the point and the version of the program. */
  readonly depends: (point: Point) => unknown;
  readonly run: (work: WorkPoint) => Promise<Found>;
  /** Megabytes that a worker takes at most. */
  readonly memoryMb: number;
}
