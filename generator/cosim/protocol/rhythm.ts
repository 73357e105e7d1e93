import type { Observation } from '../monitor/observations.js';
import { recordText, type Trace, type TracedRecord } from '../trace.js';

type Timed = Extract<Observation, { kind: 'rows' | 'output' | 'input' | 'silent' }>;

/** Name of the end of a frame without outputs. */
const END = 'the end';

/** Streams and traces by name, and the cycles of their frames. */
type Cycles = Map<string, Float64Array[]>;

/** When everything happened in the first life of a rhythm; every other one is held against it. */
export class Rhythm {
  readonly #first: Cycles = new Map();
  #seen: Cycles = new Map();
  #known = false;

  constructor(private readonly trace: Pick<Trace, 'records'>) {}

  /** Where a life begins: nothing of it has been seen. */
  begin(): void {
    this.#seen = this.#known ? new Map() : this.#first;
  }

  /** Something at `start` + its cycles. Null, or what is wrong with the cycle. */
  see(observation: Timed, start: number): { readonly text: string; readonly cycle: number } | null {
    const name = nameOf(observation, this.trace);
    const { cycle } = observation;
    const cycles = typeof cycle === 'number' ? Float64Array.of(cycle) : Float64Array.from(cycle);
    const list = this.#seen.get(name) ?? [];
    this.#seen.set(name, list);
    const frame = list.length;
    const offsets = cycles.map((at) => (at < 0 ? Number.NaN : at - start));
    list.push(offsets);
    if (!this.#known) return null;
    const due = this.#first.get(name)?.[frame];
    const row = offsets.findIndex((at, i) => !Number.isNaN(at) && at !== due?.[i]);
    if (row < 0) return null;
    const expected = due?.[row];
    return {
      text: `${name} of frame ${frame} came ${offsets[row]} cycles after reset, ${
        expected === undefined ? 'where none is due' : `${expected} before`
      }`,
      cycle: cycles[row] as number,
    };
  }

  /** The life, of so many frames, ends `after` cycles after its start. Null, or what had to come until then and did not. */
  end(after: number, count: number): string | null {
    if (!this.#known) {
      this.#known = true;
      return null;
    }
    for (const [name, frames] of this.#first) {
      const seen = this.#seen.get(name) ?? [];
      for (const [frame, due] of frames.slice(0, count).entries()) {
        // of a frame without outputs the end shows in the cycle behind
        const known = name === END ? after - 1 : after;
        const row = due.findIndex((at, i) => at < known && !((seen[frame]?.[i] ?? -1) >= 0));
        if (row >= 0) {
          return `${name} of frame ${frame} did not come ${due[row]} cycles after reset, as before`;
        }
      }
    }
    return null;
  }

  /** Cycles after reset of the first life, by frame. */
  of(name: 'the output' | 'the input' | typeof END): readonly number[] {
    return (this.#first.get(name) ?? []).map((cycles) => cycles[0] as number);
  }
}

function nameOf(observation: Timed, { records }: Pick<Trace, 'records'>): string {
  switch (observation.kind) {
    case 'output':
      return 'the output';
    case 'input':
      return 'the input';
    case 'silent':
      return END;
    case 'rows': {
      const record = records[observation.record] as TracedRecord;
      return `${recordText(record)} of layer ${observation.layer}`;
    }
  }
}
