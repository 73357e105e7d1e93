import { Random } from '../../base/random.js';
import type { CosimDesign } from '../design.js';
import { fillCycles, type Stalls } from './bounds.js';
import type { Operation } from './operations.js';

type Beats = Extract<Operation, { kind: 'beats' }>;

/**
 * Frames under stalls. Phases follow each other: gaps and back-pressure of single cycles at the probabilities given;
 * back-pressure that lasts until the core is full, while input flows; gaps within frames and between them that last until
 * the core is empty. The seed decides how long each is and where.
 */
export function* stallPhases(
  design: CosimDesign,
  { gap, pause }: Stalls,
  seed: number,
  frames: Iterable<Beats>,
): Generator<Operation> {
  const random = new Random(seed);
  const { cyclesPerFrame, latencyCycles } = design.predicted;
  const most = Math.ceil(cyclesPerFrame);
  const long = () => Math.ceil(latencyCycles) + random.between(0, most);
  const kinds = ['single', 'full', 'single', 'empty'].filter(
    (kind) => (kind !== 'full' || pause > 0) && (kind !== 'empty' || gap > 0),
  );
  let phase = 0;
  let left = random.between(1, 2);
  yield { kind: 'stall', gap, pause };
  for (const frame of frames) {
    if (left === 0) {
      phase = (phase + 1) % kinds.length;
      const full = kinds[phase] === 'full';
      yield { kind: 'stall', gap: full ? 0 : gap, pause };
      if (full) {
        const delay = random.between(0, most);
        yield { kind: 'pause', delay, cycles: fillCycles(design) + random.between(0, most) };
      }
      left = full ? design.buffers.inside + 2 : random.between(1, 3);
    }
    left--;
    if (kinds[phase] !== 'empty') yield frame;
    else yield* parted(frame, design, random, long());
  }
}

/** A frame with a pause of the sender before it or before one of its beats. */
export function* parted(
  { bytes }: Beats,
  { ports }: CosimDesign,
  random: Random,
  cycles: number,
): Generator<Operation> {
  const stride = 1 + ports.streamLanes * ports.xBytes;
  const at = stride * random.below(bytes.length / stride);
  if (at > 0) yield { kind: 'beats', bytes: bytes.subarray(0, at) };
  yield { kind: 'idle', cycles };
  yield { kind: 'beats', bytes: bytes.subarray(at) };
}
