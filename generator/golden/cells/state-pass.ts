import type { Pass } from '../../network/program.js';
import { ChannelSums } from '../channel-sums.js';
import { stateAtStart } from '../sum-start.js';
import type { GoldenPass, LayerFrame, Surroundings } from './cell.js';

/** From the sums of a frame, [channels, rows], to the next state and h, [rows], in place. */
export type StateUpdate = (sums: Float64Array, state: Int32Array, values: Float64Array) => void;

/** One layer of one pass with a state: its sums, and what its cell makes of them. */
export class StatePass implements GoldenPass {
  /** h of the last frame. */
  readonly values: Float64Array;
  readonly #sums: ChannelSums;
  readonly #initial: Int32Array;
  readonly #state: Int32Array;
  readonly #update: StateUpdate;

  constructor(pass: Pass, { words }: Surroundings, update: StateUpdate) {
    this.#sums = new ChannelSums(pass, words);
    this.#initial = stateAtStart(pass);
    this.#state = this.#initial.slice();
    this.values = new Float64Array(pass.rows);
    this.#update = update;
  }

  reset(): void {
    this.#sums.reset();
    this.#state.set(this.#initial);
    this.values.fill(0);
  }

  /** One frame; the arrays returned are the caller's to keep. */
  step(x: Float64Array, h: Float64Array | null): LayerFrame {
    if (h === null) throw new Error('a recurrent layer has h');
    const sums = this.#sums.next(x, h);
    this.#update(sums, this.#state, this.values);
    return { sums, state: this.#state.slice(), value: new Int32Array(this.values) };
  }
}
