import { setImmediate } from 'node:timers/promises';

/** Long work that can be left at every `yield`. */
export type Steps<T> = Generator<void, T, void>;

/** Milliseconds of work between two turns of everything else. */
const SLICE_MS = 50;

/** Does the work without a pause. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Does the work in slices: between them signals, timers and progress get their turn. */
export async function inSlices<T>(steps: Steps<T>): Promise<T> {
  let until = performance.now() + SLICE_MS;
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() < until) continue;
    await setImmediate();
    until = performance.now() + SLICE_MS;
  }
}
