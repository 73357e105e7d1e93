import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../base/files.js';
import type { Point } from '../space/point.js';
import { inStageOrder } from '../stages/registry.js';
import { type PointRecord, parseRecord, recordText, type StageEntry } from './record.js';

/** What is in the result file of a point. */
export type Stored =
  | { readonly kind: 'none' }
  | { readonly kind: 'record'; readonly record: PointRecord }
  /** Torn, or of something else: the point counts as not run. */
  | { readonly kind: 'refused'; readonly file: string; readonly why: string };

/**
 * The result files of a sweep: one for each point, complete or not there. A point can be written by several processes at once,
 * also by one that its cluster forgot: what is there is always whole, and the figures of both are the same.
 */
export class ResultStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  fileOf(id: string): string {
    return join(this.#directory, 'results', `${id}.json`);
  }

  /** Relative to the directory of the sweep. */
  logOf(id: string): string {
    return join('logs', `${id}.log`);
  }

  read(id: string): Stored {
    const file = this.fileOf(id);
    if (!existsSync(file)) return { kind: 'none' };
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      return { kind: 'refused', file, why: (error as Error).message };
    }
    const record = parseRecord(text, id);
    if (typeof record === 'string') return { kind: 'refused', file, why: record };
    return { kind: 'record', record };
  }

  /** Puts what a stage came to beside what is there of the other stages. @throws UserError as `writeFileAtomic` */
  async put({ id, settings }: Point, entry: StageEntry): Promise<void> {
    const stored = this.read(id);
    const others = stored.kind === 'record' ? stored.record.stages : [];
    const entries = [...others.filter(({ stage }) => stage !== entry.stage), entry];
    const order = inStageOrder(entries.map(({ stage }) => stage));
    const stages = order.flatMap((name) => entries.filter(({ stage }) => stage === name));
    await writeFileAtomic(this.fileOf(id), recordText({ id, settings, stages }));
  }

  /** Forgets the stages at which a point failed, so that it counts as not run; its log stays until it fails again. */
  async forgetFailures(point: Point): Promise<void> {
    const stored = this.read(point.id);
    if (stored.kind !== 'record') return;
    const { id, settings, stages } = stored.record;
    const kept = stages.filter(({ outcome }) => outcome !== 'failed');
    await writeFileAtomic(this.fileOf(id), recordText({ id, settings, stages: kept }));
  }

  /** Keeps what a failed point said. */
  async putLog(id: string, text: string): Promise<string> {
    const log = this.logOf(id);
    await writeFileAtomic(join(this.#directory, log), text);
    return log;
  }
}
