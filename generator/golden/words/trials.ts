import { UserError } from '../../base/errors.js';
import { inSlices } from '../../base/steps.js';
import type { FormatChoices } from '../../network/compress/formats.js';
import type { Prepared } from '../../network/compress/prepare.js';
import { quantiseSteps } from '../../network/compress/quantise-network.js';
import type { Measured } from '../measure/measure.js';
import type { Measurer } from '../measure/measurer.js';
import type { Candidate, Lengths, Tried } from './candidate.js';
import { withHeadroom } from './ranges.js';
import { distance, type Target } from './target.js';

/** Tries candidates, each of which a golden run measures. */
export class Trials {
  #runs = 0;
  #best: Tried | null = null;
  readonly #tried = new Map<string, Promise<Tried>>();

  constructor(
    readonly prepared: Prepared,
    private readonly target: Target,
    private readonly measurer: Measurer,
    private readonly file: string,
    private readonly tick: (runs: number, words: Lengths) => void,
  ) {}

  /** Golden runs so far. */
  get runs(): number {
    return this.#runs;
  }

  /** The closest to the target of all that were tried. */
  get best(): Tried | null {
    return this.#best;
  }

  /** How many are tried at a time. */
  get width(): number {
    return this.measurer.width;
  }

  /** A candidate that was tried before is not run again. */
  try(candidate: Candidate): Promise<Tried> {
    const key = JSON.stringify(candidate);
    const own = this.#tried.get(key) ?? this.#try(candidate);
    this.#tried.set(key, own);
    return own;
  }

  async #try(candidate: Candidate): Promise<Tried> {
    const measured = await this.#measured(candidate);
    const far = measured === null ? Number.POSITIVE_INFINITY : distance(measured, this.target);
    const tried = { ...candidate, distance: far, measured };
    if (measured !== null && far < (this.#best?.distance ?? Number.POSITIVE_INFINITY)) {
      this.#best = tried;
    }
    return tried;
  }

  /** The formats of a candidate, ranges written out. */
  formatsOf(candidate: Candidate): FormatChoices {
    return withHeadroom(this.prepared, candidate);
  }

  async #measured(candidate: Candidate): Promise<Measured | null> {
    try {
      const formats = this.formatsOf(candidate);
      const { table: tableBits, ...words } = candidate.words;
      const options = { words, tableBits, formats, provenance: {}, file: this.file };
      const { model } = await inSlices(quantiseSteps(this.prepared, options));
      const measured = await this.measurer.measure(model);
      this.tick(++this.#runs, candidate.words);
      return measured;
    } catch (error) {
      if (error instanceof UserError) return null;
      throw error;
    }
  }
}
