import { type IntLike, integer } from '../../hdl/index.js';
import { flag, packRecord, recordBits } from '../build/record.js';
import { imageOfWords } from '../images/hex.js';
import { matched } from '../images/matches.js';
import { type RomStore, romStore } from '../memory/store.js';
import {
  bitsOf,
  type Configuration,
  gatesInTurn,
  type JobLimits,
  stepsPerGroup,
} from '../plan/configuration.js';
import { jobsOf } from '../schedule/jobs.js';
import type { PassWalk } from '../schedule/pass-walk.js';
import { type Field, gateBits } from './layer-table.js';

/** Widths of the fields of the job table; numbers for the image, expressions for the Verilog. */
export interface JobTableWidths<W extends IntLike> {
  readonly one: W;
  readonly slot: W;
  readonly tiles: W;
  readonly steps: W;
  readonly gap: W;
  /** Where gates are taken in turn. */
  readonly gate?: W | undefined;
  /** Where rows have queues. */
  readonly queues?: W | undefined;
}

/** Fields of one word of the job table. Counts are stored minus one. */
export function jobTableFields<W extends IntLike>(w: JobTableWidths<W>): readonly Field<W>[] {
  return [
    { name: 'last_job', width: w.one },
    { name: 'x_side', width: w.one },
    { name: 'completes', width: w.one },
    { name: 'alone', width: w.one },
    { name: 'waits', width: w.one },
    { name: 'group_last', width: w.one },
    { name: 'releases', width: w.one },
    { name: 'slot', width: w.slot },
    { name: 'tiles', width: w.tiles },
    { name: 'steps', width: w.steps },
    { name: 'gap', width: w.gap },
    ...(w.gate === undefined
      ? []
      : [
          { name: 'gate', width: w.gate },
          { name: 'gate_last', width: w.one },
        ]),
    ...(w.queues === undefined
      ? []
      : [
          { name: 'second', width: w.queues },
          { name: 'half_last', width: w.queues },
          { name: 'pass_last', width: w.queues },
        ]),
  ];
}

/** Limits that jobs come from; only designs whose decoder needs them have them. */
function limitsOf({ jobs }: Pick<Configuration, 'jobs'>): JobLimits {
  if (jobs === undefined) throw new Error('no job table');
  return jobs;
}

/** Most steps that the lanes take for a set and the empty ones behind it. */
function stepsMost(c: Configuration): number {
  return (1 + limitsOf(c).emptyMost) * stepsPerGroup(c, c.turns);
}

export function jobTableWidths(c: Configuration): JobTableWidths<number> {
  return {
    one: 1,
    slot: bitsOf(c.sumSlots),
    tiles: bitsOf(limitsOf(c).tilesMost),
    steps: bitsOf(stepsMost(c)),
    gap: bitsOf(stepsMost(c) * c.cellCycles),
    ...(gatesInTurn(c) > 1 && { gate: gateBits(c) }),
    ...(c.queues && { queues: 1 }),
  };
}

/** Bits of the index of the last step of a set. */
export function stepIndexBits(c: Configuration): number {
  return jobTableWidths(c).steps;
}

/** The table of the jobs of a frame, a word each. */
export function jobTableStore(c: Configuration): RomStore {
  const fields = jobTableFields(jobTableWidths(c));
  const described = {
    role: 'control',
    name: 'jobs',
    title: 'job table',
    block: 'u_sequencer',
  } as const;
  return romStore(
    c,
    { ...described, width: recordBits(fields), words: limitsOf(c).words },
    (_, { walks }, size) =>
      imageOfWords(
        jobRecords(c, walks).map((record) => packRecord(fields, record)),
        size,
      ),
  );
}

/** Values of the words, by field. Slots are used in a ring that starts anew with each pass. */
function jobRecords(
  c: Configuration,
  walks: readonly PassWalk[],
): readonly Readonly<Record<string, number>>[] {
  const jobs = jobsOf(walks, c.sumSlots);
  let [pass, stored, fetched] = [-1, 0, 0];
  return jobs.map((job, n) => {
    if (job.pass !== pass) [pass, stored, fetched] = [job.pass, 0, 0];
    const completes = job.ends === 'held' || job.ends === 'lanes';
    const passLast = jobs[n + 1]?.pass !== job.pass;
    const steps = stepsPerGroup(c, job.turns);
    const place = completes ? (job.alone ? 0 : fetched++) : job.ends === 'slot' ? stored++ : 0;
    return {
      last_job: flag(n === jobs.length - 1),
      x_side: flag(job.side === 'x'),
      completes: flag(completes),
      alone: flag(job.alone),
      waits: flag(job.needs.drained),
      group_last: flag(job.needs.fetch),
      releases: flag(job.releases),
      slot: place % c.sumSlots,
      tiles: job.tiles - 1,
      steps: (1 + job.empty) * steps - 1,
      gap: (1 + job.empty) * steps * c.cellCycles - 1,
      gate: job.gate,
      gate_last: flag(job.ends === 'lanes'),
      second: flag(job.ends !== 'slot'),
      half_last: flag(job.ends === 'slot' || passLast),
      pass_last: flag(passLast),
    };
  });
}

const OF_JOBS = 'fields of `*_jobs.mem`';

/** Parameters of a module that reads the job table. */
export function jobTableParameters(c: Configuration) {
  const w = jobTableWidths(c);
  return {
    JOBS: matched(integer(limitsOf(c).words, 'Words of the job table'), 'words of `*_jobs.mem`'),
    TILE_BITS: matched(integer(w.tiles, 'Bits of the count of tiles of a job'), OF_JOBS),
    STEP_BITS: matched(integer(w.steps, 'Bits of the count of steps of a job'), OF_JOBS),
    GAP_BITS: matched(integer(w.gap, 'Bits of the count of cycles of those steps'), OF_JOBS),
  };
}
