import type { Diagnostic } from '../../diagnostics.js';
import type { Elaborated } from '../walk/elaborate.js';
import { firstOfEach } from '../walk/first.js';
import { type Elaborations, type Subject, showPoint } from '../walk/points.js';
import { type Bit, BitPaths, type Step } from './bits.js';
import { cyclic } from './cyclic.js';
import { SignalPaths } from './signals.js';

/** Steps of a path that are shown. */
const SHOWN = 12;

/**
 * Signals that depend on themselves without a register between: through wires, selections, generate blocks and the
 * instances below. Whole signals first; where these form a loop, their bits decide.
 */
export function checkLoops({ points, elaborations }: Subject): Diagnostic[] {
  return firstOfEach(points.flatMap((point) => loopsOf(point, elaborations)));
}

function loopsOf(point: Elaborated, elaborations: Elaborations): Diagnostic[] {
  const signals = new SignalPaths(elaborations);
  const suspects = cyclic(point.signals, (signal) => signals.sourcesOf(signal));
  if (suspects.size === 0) return [];
  const bits = new BitPaths(elaborations);
  const found: Diagnostic[] = [];
  let left = new Set(
    [...suspects].flatMap((signal) =>
      Array.from({ length: signal.width }, (_, i) => bits.bit(signal, i)),
    ),
  );
  while (true) {
    left = cyclic(left, (bit) => bits.stepsTo(bit).map(({ from }) => from));
    const [first] = left;
    if (first === undefined) return found;
    const loop = rotated(loopAmong(left, first, bits), point);
    const { path } = (loop[0] as Step).from.signal.declared;
    const { site } = loop.at(-1) as Step;
    const message = `${showLoop(loop)}${showPoint(point)}`;
    found.push({ code: 'COMBINATIONAL_LOOP', path, message, site });
    // Other bits of the same signals are the same loop again.
    const done = new Set(loop.map(({ from }) => from.signal.declared));
    for (const bit of left) if (done.has(bit.signal.declared)) left.delete(bit);
  }
}

/** One loop, in the direction in which values flow. */
function loopAmong(left: ReadonlySet<Bit>, start: Bit, bits: BitPaths): readonly Step[] {
  const order = new Map<Bit, number>();
  const back: Step[] = [];
  for (let bit = start; !order.has(bit); ) {
    order.set(bit, back.length);
    const step = bits.stepsTo(bit).find(({ from }) => left.has(from)) as Step;
    back.push(step);
    bit = step.from;
  }
  const entry = order.get((back.at(-1) as Step).from);
  return back.slice(entry).reverse();
}

/** The same loop from the signal that is declared first. */
function rotated(loop: readonly Step[], { signals }: Elaborated): readonly Step[] {
  const order = new Map(signals.map((signal, n) => [signal, n]));
  const places = loop.map(({ from }) => order.get(from.signal) as number);
  const start = places.indexOf(Math.min(...places));
  return [...loop.slice(start), ...loop.slice(0, start)];
}

function showLoop(loop: readonly Step[]): string {
  const name = ({ signal, index }: Bit): string =>
    signal.width === 1 ? signal.name : `${signal.name}[${index}]`;
  const steps = loop.flatMap(({ from, through }) =>
    through === null ? [name(from)] : [name(from), through],
  );
  const start = name((loop[0] as Step).from);
  const shown = steps.length > SHOWN ? [...steps.slice(0, SHOWN), '…'] : steps;
  return [...shown, start].join(' -> ');
}
