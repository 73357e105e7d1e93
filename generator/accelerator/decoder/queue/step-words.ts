import { bitsOf, type Configuration, laneSlices } from '../../plan/configuration.js';
import { classesOf } from './deal.js';

/** How the word of a step of the lanes is made up: for each operand, class and gate, whether it has a sum and in which queue. */
export interface StepWord {
  readonly classes: number;
  /** Queues of a class. */
  readonly perClass: number;
  readonly gates: number;
  /** Bits of the number of a queue in its class. */
  readonly queueBits: number;
  /** Steps that one word of sums lasts, as lanes take fewer rows than a tile has; 1: all of them at once, or several words. */
  readonly parts: number;
  readonly partBits: number;
  /** Of all operands, classes and gates. */
  readonly entries: number;
  readonly width: number;
}

/** Of the operand whose sums are done ahead, and of the one that completes the pass. */
export const OPERANDS = ['ready', 'complete'] as const;
export type OperandName = (typeof OPERANDS)[number];

export function stepWord(c: Configuration): StepWord {
  const { classes, perClass } = classesOf(c);
  const gates = laneSlices(c);
  const queueBits = bitsOf(perClass);
  const parts = Math.max(1, c.tileRows / c.cellLanes);
  const partBits = Math.log2(parts);
  const entries = OPERANDS.length * classes * gates;
  const width = entries * (1 + queueBits) + partBits;
  return { classes, perClass, gates, queueBits, parts, partBits, entries, width };
}

/** Lowest bit of what a step word says of an operand, class and gate: whether there is a sum, then the number of its queue. */
export function stepPlace(
  { classes, gates, queueBits }: StepWord,
  at: { readonly operand: OperandName; readonly group: number; readonly gate: number },
): number {
  const operand = OPERANDS.indexOf(at.operand);
  return ((operand * classes + at.group) * gates + at.gate) * (1 + queueBits);
}
