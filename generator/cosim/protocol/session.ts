import type { CosimDesign } from '../design.js';
import type { Operation } from '../driver/operations.js';
import { type CycleWindow, configured, models } from '../driver/session.js';
import type { Life } from './life.js';
import { type Tape, tapeOf } from './tape.js';

/** What the harness is told in the protocol pass; a mark at the begin of each life has its number. */
export function* protocolSession(
  design: CosimDesign,
  lives: readonly Life[],
  tapes: readonly Tape[],
  seed: number,
  window?: CycleWindow,
): Generator<Operation> {
  if (window) yield { kind: 'waves', ...window };
  yield configured(design, seed, true);
  yield { kind: 'reset', cycles: 1, offer: false };
  for (const [id, life] of lives.entries()) {
    const { strike, reset } = life;
    yield { kind: 'mark', id };
    yield { kind: 'stall', gap: 0, pause: 0 };
    yield { kind: 'allow', cycles: life.allowed };
    yield* models(design, life.rhythm === null);
    if (strike !== null) yield { kind: 'resetAfter', ...strike, ...reset };
    yield* life.operations(tapeOf(tapes, id));
    yield { kind: 'drain' };
    yield strike === null ? { kind: 'reset', ...reset } : { kind: 'join' };
  }
}
